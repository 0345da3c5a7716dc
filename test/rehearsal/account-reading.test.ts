import { RequestCertificateCommand } from '@aws-sdk/client-acm';
import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AssociateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
} from '@aws-sdk/client-ec2';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { CreateClusterCommand } from '@aws-sdk/client-ecs';
import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ModifyListenerCommand,
  ModifyLoadBalancerAttributesCommand,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Analysis, analysisOf } from '../../src/analysis/analysis';
import { CALLS, type CallName, CHECK_CALLS } from '../../src/discovery/calls';
import { DEPLOYMENT_CHECKS, judge } from '../../src/discovery/findings';
import { type Planned, resourcesInPlan } from '../../src/discovery/planned';
import { readAccount, type Start } from '../../src/discovery/reading';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack, type QuiltStackShape } from '../../src/rehearsal/quilt-stack';
import { type Asker, askingOnce, denying, startAsker } from '../support/ask';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { EMULATOR } from '../support/engines/emulator';
import { runServer } from '../support/old-server';
import { answersBehind, environmentBehind } from '../support/repository';

const NOW = new Date('2026-12-01T00:00:00Z');
const NO_PROVIDER = 'github-provider';

describe.skipIf(await lacks(EMULATOR))('a reading of an account', () => {
  let emulator: Emulator;
  let asker: Asker;
  beforeAll(async () => {
    emulator = await startEmulator();
    asker = startAsker(emulator);
  });
  afterAll(async () => {
    asker?.stop();
    await emulator?.stop();
  });

  const catalogOf = ({ catalogHost, registryHost, region }: EmulatedQuiltStack) => ({
    source: `https://${catalogHost}/config.json`,
    url: `https://${catalogHost}`,
    host: catalogHost,
    region,
    registryUrl: `https://${registryHost}`,
  });
  const startOf = (stack: EmulatedQuiltStack): Start => ({ region: stack.region, catalog: catalogOf(stack) });
  const analyse = async (start: Start, ask = asker.ask): Promise<Analysis> =>
    analysisOf(await readAccount(ask, start, NOW));
  const foundBy = ({ verdict }: Analysis) => verdict.findings.map(({ check }) => check);

  it.each<[string, QuiltStackShape & { readonly region?: string }]>([
    ['as it is by default', {}],
    ['inside of a network', { scheme: 'internal' }],
    ['with Connect', { connect: true }],
    ['whose load balancer is let out to everything', { openEgress: true }],
    ["whose users' group was made by hand", { userGroup: 'by hand' }],
    ['with rules elsewhere', { priorities: { catalog: 40, registry: 41, proxy: 42 } }],
    ['in GovCloud', { region: 'us-gov-west-1' }],
  ])(
    'a reading of a Quilt stack %s proposes what its owner would answer, and finds nothing that fails',
    async (_, shape) => {
      await emulator.reset();
      const stack = await createQuiltStack(emulator, shape);
      const own = startAsker(emulator, stack.region);
      const analysis = await analyse(startOf(stack), own.ask).finally(own.stop);
      const { routing, network, ...rest } = environmentBehind(stack);
      const isLetOut = shape.openEgress === true || shape.userGroup === 'by hand';
      expect(analysis.answers).toMatchObject({
        account: rest.account,
        region: rest.region,
        catalogUrl: rest.catalogUrl,
        registryUrl: rest.registryUrl,
        routing,
        network: {
          ...network,
          albDnsName: stack.albDnsName.toLowerCase(),
          albEgress: isLetOut ? 'present' : { create: stack.albSecurityGroupIds[0] },
        },
      });
      expect(foundBy(analysis)).toEqual([...(shape.connect ? ['connect'] : []), NO_PROVIDER]);
      expect([analysis.verdict.unknown, analysis.snapshot.unseen]).toEqual([[], []]);
    },
  );

  it('a reading of a listener with all rules that AWS allows finds that no deployment has room there', async () => {
    await emulator.reset();
    const stack = await createQuiltStack(emulator);
    const { elb } = awsClients(emulator);
    const before = await analyse(startOf(stack));
    const [listener] = before.snapshot.parts.listeners!.filter(({ arn }) => arn === stack.listenerArn);
    const MOST = before.snapshot.parts.limits!.rules!;
    const { rules } = listener!;
    // The default rule does not count.
    for (let number = rules.length; number <= MOST; number++) {
      await elb.send(
        new CreateRuleCommand({
          ListenerArn: stack.listenerArn,
          Priority: 1000 + number,
          Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [`tenant${number}.example.com`] } }],
          Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
        }),
      );
    }
    const { verdict, snapshot, answers } = await analyse(startOf(stack));
    expect(snapshot.parts.listeners!.flatMap((one) => one.rules).length).toBeGreaterThan(MOST);
    expect(answers).toEqual(before.answers);
    expect(verdict.findings.filter(({ severity }) => severity === 'error')).toEqual([
      expect.objectContaining({ check: 'quotas', text: expect.stringContaining(`the quota is ${MOST}`) }),
    ]);
  });

  it('a reading of nothing, of two stacks for a catalog, or of another catalog proposes nothing that is not sure', async () => {
    await emulator.reset();
    const stack = {
      catalogHost: 'quilt-test.example.com',
      registryHost: 'r.example.com',
      region: 'us-east-1',
    } as EmulatedQuiltStack;
    const nothing = await analyse(startOf(stack));
    expect(nothing.snapshot.parts).toEqual(expect.objectContaining({ stack: null, loadBalancers: [] }));
    expect(nothing.answers).not.toHaveProperty('network.listenerArn');
    expect(foundBy(nothing)).toEqual(['stack', NO_PROVIDER]);

    const first = await createQuiltStack(emulator, { name: 'quilt-test' });
    const other = await analyse({
      region: first.region,
      catalog: { ...catalogOf(first), url: 'https://x.org', host: 'x.org' },
    });
    expect([other.snapshot.parts.stack, other.answers]).toEqual([
      null,
      expect.not.objectContaining({ network: expect.anything() }),
    ]);

    // The same template for the same host, e.g. a copy that is tried out.
    const second = await createQuiltStack(emulator, { name: 'quilt-copy' });
    await awsClients(emulator).elb.send(
      new CreateRuleCommand({
        ListenerArn: second.listenerArn,
        Priority: 7,
        Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [first.catalogHost] } }],
        Actions: [{ Type: 'forward', TargetGroupArn: await targetGroupOf(second) }],
      }),
    );
    const byStack = await analyse(startOf(first));
    expect(byStack.answers).toMatchObject({ network: { listenerArn: first.listenerArn } });
    const byName = await analyse({ region: first.region, stackName: 'quilt-copy' });
    expect(byName.answers).toMatchObject({
      catalogUrl: `https://${second.catalogHost}`,
      network: { listenerArn: second.listenerArn },
    });
    // Without the stacks, two load balancers serve the host: none is chosen.
    const byHost = await analyse(startOf(first), denying(asker.ask, 'stacks'));
    expect(byHost.snapshot.parts.listenerArn).toBeUndefined();
    expect(byHost.answers).not.toHaveProperty('network.listenerArn');
  });

  const targetGroupOf = async ({ listenerArn }: EmulatedQuiltStack) => {
    const { Rules } = (await asker.ask('rules', { ListenerArn: listenerArn })) as {
      Rules: { Actions: { TargetGroupArn?: string }[] }[];
    };
    return Rules.flatMap(({ Actions }) => Actions).find(({ TargetGroupArn }) => TargetGroupArn)!.TargetGroupArn!;
  };

  it('a reading without the permission to see stacks goes by the load balancer that serves the catalog', async () => {
    await emulator.reset();
    const stack = await createQuiltStack(emulator);
    const analysis = await analyse(startOf(stack), denying(asker.ask, 'stacks'));
    expect(analysis.answers).toMatchObject({
      network: {
        listenerArn: stack.listenerArn,
        vpcId: stack.vpcId,
        privateSubnetIds: [...stack.privateSubnetIds].sort(),
      },
    });
    // The cluster, and which group lets the load balancer out, are for somebody to choose.
    expect(analysis.answers).not.toHaveProperty('network.clusterName');
    expect(analysis.proposals.find(({ path }) => path === 'network.clusterName')?.candidates).toHaveLength(1);
  });

  it('a reading with each call refused in turn finds nothing that is wrong, and says what it needs', async () => {
    await emulator.reset();
    const stack = await createQuiltStack(emulator);
    const once = askingOnce(asker.ask);
    const used = new Set<CallName>();
    const noted = async (name: CallName, input: object) => {
      used.add(name);
      return once(name, input);
    };
    const whole = await analyse(startOf(stack), noted);
    for (const call of used) {
      const analysis = await analyse(startOf(stack), denying(once, call));
      expect(
        foundBy(analysis).filter((check) => check !== NO_PROVIDER),
        call,
      ).toEqual([]);
      expect(
        analysis.snapshot.unseen.map((one) => one.call),
        call,
      ).toContain(call);
      for (const { path, value } of analysis.proposals.filter((one) => one.value !== undefined)) {
        const right = whole.proposals.find((one) => one.path === path)?.value;
        // Ids that are a set may come in another order.
        expect([path, [value].flat().sort()], call).toEqual([path, [right].flat().sort()]);
      }
    }
    expect(used.size).toBeGreaterThan(22);
  });

  it('a reading finds a server of an old generation, its secrets in plain text and the permissions of its task role, and the way from it', async () => {
    await emulator.reset();
    const stack = await createQuiltStack(emulator);
    await runServer(emulator, stack, {
      service: 'old-mcp',
      image: '730278974607.dkr.ecr.us-east-1.amazonaws.com/quiltdata/mcp:0.21.0',
      variables: { FASTMCP_TRANSPORT: 'http', DB_PASSWORD: 'hunter2hunter2' },
      priority: 10,
      paths: ['/mcp', '/mcp/*'],
    });
    const analysis = await analyse(startOf(stack));
    expect(foundBy(analysis).sort()).toEqual(['deployed', NO_PROVIDER, 'plaintext-secret', 'task-role'].sort());
    expect(JSON.stringify(analysis)).toContain('DB_PASSWORD');
    expect(JSON.stringify(analysis)).not.toContain('hunter2');

    // Its rule goes behind those of a deployment that stands behind it first: AWS takes the move.
    const [takeover, ...more] = analysis.takeovers;
    expect(more).toEqual([]);
    expect(takeover).toMatchObject({
      service: 'old-mcp',
      generations: ['g3b'],
      targetGroups: ['old-mcp'],
      priorities: [10],
      way: { before: [], after: [{ from: 10 }] },
    });
    const [move] = takeover!.way!.after;
    const RulePriorities = [{ RuleArn: move!.arn, Priority: move!.to }];
    await awsClients(emulator).elb.send(new SetRulePrioritiesCommand({ RulePriorities }));
    expect((await analyse(startOf(stack))).takeovers[0]!.priorities).toEqual([move!.to]);
  });

  it("a reading finds a server as upstream's own documents made it, behind the catalog's rule, where nobody reaches it", async () => {
    await emulator.reset();
    const stack = await createQuiltStack(emulator, { name: 'sales-prod' });
    // Source: MCP Server Infrastructure Documentation of quiltdata/quilt-mcp-server, 2025-09, "Container Environment Variables".
    await runServer(emulator, stack, {
      service: 'sales-prod-mcp-server-production',
      image: '850787717197.dkr.ecr.us-east-1.amazonaws.com/quilt-mcp-server:jwt-auth-v1.0.0',
      variables: {
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_REGION: 'us-east-1',
        QUILT_CATALOG_URL: `https://${stack.catalogHost}`,
        QUILT_REGISTRY_URL: `https://${stack.catalogHost}`,
        MCP_SERVER_NAME: 'quilt-mcp-server',
        MCP_SERVER_VERSION: '0.6.13-jwt-auth',
        LOG_LEVEL: 'INFO',
        PYTHONUNBUFFERED: '1',
        FASTMCP_TRANSPORT: 'streamable-http',
        FASTMCP_ADDR: '0.0.0.0',
        FASTMCP_PORT: '8000',
        MCP_ENHANCED_JWT_SECRET: 'development-enhanced-jwt-secret',
        MCP_ENHANCED_JWT_KID: 'frontend-enhanced',
      },
      priority: 100,
      paths: ['/mcp/*'],
    });
    const analysis = await analyse(startOf(stack));
    // Its names are those that an environment called production would have.
    expect(foundBy(analysis).sort()).toEqual(
      ['deployed', NO_PROVIDER, 'open', 'other-names', 'plaintext-secret', 'task-role'].sort(),
    );
    const [{ generations, priorities, way } = {}] = analysis.takeovers;
    expect({ generations, priorities, way }).toEqual({ generations: ['g1a'], priorities: [100], way: undefined });
  });

  const plannedBehind = (stack: EmulatedQuiltStack, change: object = {}): Planned => {
    const answers = answersBehind(stack, { dev: environmentBehind(stack, change) });
    const { name, environments, contract, target } = resolveDeployment(readConfig(answers, 'answers'));
    return { name, environment: environments[0]!, contract, target };
  };
  const check = (stack: EmulatedQuiltStack, planned: Planned) =>
    readAccount(asker.ask, { region: stack.region, answers: resourcesInPlan(planned) }, NOW);
  const NOTHING = { findings: [], unknown: [], judged: DEPLOYMENT_CHECKS.length };

  /** Makes resources of the names that a deployment needs, with the tag that tells this generator's, or without. */
  const takeNames = async (stack: EmulatedQuiltStack, { environment }: Planned, isOwn: boolean) => {
    const { ec2, ecr, elb, iam, logs } = awsClients(emulator);
    const { service, registry } = environment;
    const tags = isOwn ? [{ Key: 'Service', Value: service.serviceName }] : [{ Key: 'Name', Value: 'by hand' }];
    await elb.send(
      new CreateTargetGroupCommand({
        Name: service.targetGroupName,
        Protocol: 'HTTP',
        Port: 8000,
        VpcId: stack.vpcId,
        TargetType: 'ip',
        Tags: tags,
      }),
    );
    await ecr.send(new CreateRepositoryCommand({ repositoryName: registry!.repository.name, tags }));
    await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: service.securityGroup.name,
        Description: 'of tasks',
        VpcId: stack.vpcId,
        TagSpecifications: [{ ResourceType: 'security-group', Tags: tags }],
      }),
    );
    for (const { name: RoleName } of [service.executionRole, service.taskRole]) {
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{}', Tags: tags }));
    }
    await logs.send(
      new CreateLogGroupCommand({
        logGroupName: service.logGroup.name,
        tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
      }),
    );
  };

  it('a check of answers makes 25 calls at most, and finds what would keep clients away', async () => {
    await emulator.reset();
    const stack = await createQuiltStack(emulator);
    const right = plannedBehind(stack, { retainData: true });
    const before = asker.calls.length;
    const empty = await check(stack, right);
    expect(judge(empty, right, DEPLOYMENT_CHECKS)).toEqual(NOTHING);
    await takeNames(stack, right, true);
    const snapshot = await check(stack, right);
    expect(judge(snapshot, right, DEPLOYMENT_CHECKS)).toEqual(NOTHING);
    // Only of a log group that is not taken over are the tags asked for.
    const whole = await check(stack, plannedBehind(stack));
    for (const { calls } of [empty, snapshot, whole]) expect(calls).toBeLessThanOrEqual(25);
    // Those that the roles of workflows are let make; quotas are asked for if the usual ones might not do.
    const made = new Set<CallName>([...asker.calls.slice(before), 'limits']);
    expect([...made].sort()).toEqual([...CHECK_CALLS].sort());
    const wrong = plannedBehind(stack, {
      retainData: true,
      routing: { mode: 'path', host: stack.catalogHost, priority: 100 },
      network: { ...environmentBehind(stack).network, albEgress: 'present', privateSubnetIds: stack.intraSubnetIds },
    });
    const { findings } = judge(snapshot, wrong, DEPLOYMENT_CHECKS);
    expect(findings.map(({ check }) => check)).toEqual(['way-in', 'way-in', 'way-out', 'way-out']);
  });

  /** Calls AWS WAF, which has no client here. */
  const waf = async (operation: string, input: object): Promise<{ readonly Summary?: { readonly ARN: string } }> => {
    const response = await fetch(emulator.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSWAF_20190729.${operation}`,
        authorization:
          'AWS4-HMAC-SHA256 Credential=x/20261201/us-east-1/wafv2/aws4_request, SignedHeaders=host, Signature=x',
      },
      body: JSON.stringify(input),
    });
    expect(response.status, operation).toBe(200);
    return response.json();
  };
  const putWebAcl = async (stack: EmulatedQuiltStack, acl: object) => {
    const VisibilityConfig = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'x' };
    const { Summary } = await waf('CreateWebACL', {
      Name: 'acl',
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      VisibilityConfig,
      Rules: [],
      ...acl,
    });
    await waf('AssociateWebACL', { WebACLArn: Summary!.ARN, ResourceArn: stack.albArn });
  };

  /** Changes the account, or gives answers that differ. */
  type Change = (stack: EmulatedQuiltStack) => Promise<unknown>;
  const networkOf = (stack: EmulatedQuiltStack) => environmentBehind(stack).network;

  it.each<[string, readonly string[], Change]>([
    [
      'a load balancer that closes idle connections early',
      ['idle-timeout'],
      async ({ albArn: LoadBalancerArn }) => {
        const Attributes = [{ Key: 'idle_timeout.timeout_seconds', Value: '60' }];
        await awsClients(emulator).elb.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes }));
      },
    ],
    [
      'subnets in one zone',
      ['zones'],
      async (stack) => {
        const { ec2 } = awsClients(emulator);
        const [first = ''] = stack.privateSubnetIds;
        const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [first] }));
        const { AvailabilityZone } = Subnets![0]!;
        const place = { VpcId: stack.vpcId, AvailabilityZone, CidrBlock: '10.0.250.0/24' };
        const { Subnet } = await ec2.send(new CreateSubnetCommand(place));
        const Filters = [{ Name: 'association.subnet-id', Values: [first] }];
        const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
        const [RouteTableId, SubnetId] = [RouteTables![0]!.RouteTableId!, Subnet!.SubnetId!];
        await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
        return { network: { ...networkOf(stack), privateSubnetIds: [first, SubnetId] } };
      },
    ],
    [
      'no cluster of the name',
      ['cluster'],
      async (stack) => ({ network: { ...networkOf(stack), clusterName: 'another' } }),
    ],
    [
      'a cluster without Fargate',
      ['cluster'],
      async (stack) => {
        await awsClients(emulator).ecs.send(
          new CreateClusterCommand({ clusterName: 'instances', capacityProviders: ['instances'] }),
        );
        return { network: { ...networkOf(stack), clusterName: 'instances' } };
      },
    ],
    [
      'a certificate for another name',
      ['certificate'],
      async ({ listenerArn: ListenerArn }) => {
        const { acm, elb } = awsClients(emulator);
        const { CertificateArn } = await acm.send(new RequestCertificateCommand({ DomainName: '*.example.org' }));
        await elb.send(new ModifyListenerCommand({ ListenerArn, Certificates: [{ CertificateArn }] }));
      },
    ],
    [
      'a web ACL that blocks by country',
      ['web-acl'],
      async (stack) =>
        putWebAcl(stack, {
          Rules: [
            {
              Name: 'home',
              Priority: 0,
              Action: { Block: {} },
              Statement: { NotStatement: { Statement: { GeoMatchStatement: { CountryCodes: ['DE'] } } } },
              VisibilityConfig: { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'home' },
            },
          ],
        }),
    ],
    ['names that somebody else has', ['names'], async (stack) => takeNames(stack, plannedBehind(stack), false)],
    [
      'a log group that an earlier deployment left',
      ['names'],
      async (stack) => takeNames(stack, plannedBehind(stack), true),
    ],
  ])('a check of answers finds %s, and nothing else', async (_, expected, change) => {
    await emulator.reset();
    const stack = await createQuiltStack(emulator);
    expect(judge(await check(stack, plannedBehind(stack)), plannedBehind(stack), DEPLOYMENT_CHECKS)).toEqual(NOTHING);
    const planned = plannedBehind(stack, Object(await change(stack)));
    const { findings, unknown } = judge(await check(stack, planned), planned, DEPLOYMENT_CHECKS);
    expect([findings.map((one) => one.check), unknown]).toEqual([expected, []]);
  });

  it('a check of a web ACL that blocks by default has no result, and says why', async () => {
    await emulator.reset();
    const stack = await createQuiltStack(emulator);
    await putWebAcl(stack, { DefaultAction: { Block: {} } });
    const planned = plannedBehind(stack);
    const { findings, unknown } = judge(await check(stack, planned), planned, DEPLOYMENT_CHECKS);
    expect([findings, unknown]).toEqual([
      [],
      [expect.objectContaining({ check: 'web-acl', why: [expect.stringContaining('no rule of it allows')] })],
    ]);
  });

  it('a reading uses every call that its policy allows', async () => {
    // Clusters are listed if none is known; the calls of a task's role are made for a server that runs.
    expect([...new Set(asker.calls)].sort()).toEqual(Object.keys(CALLS).sort());
  });
});
