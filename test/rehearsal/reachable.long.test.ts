import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  type IpPermission,
  ReplaceRouteCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { DescribeRulesCommand, SetRulePrioritiesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ANSWERS_FILE } from '../../src/config/answers-file';
import type { EnvironmentAnswers } from '../../src/config/environment';
import type { Answers } from '../../src/config/repository';
import { LATEST } from '../../src/conventions';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack, type QuiltStackShape } from '../../src/rehearsal/quilt-stack';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { type Files, readFixture } from '../support/fixtures';
import { obstaclesOf, readNetwork } from '../support/network';
import {
  answersBehind,
  type EmittedRepository,
  emitRepository,
  environmentBehind,
  restoreRepository,
} from '../support/repository';
import { CDK, CLOUDFORMATION, type TargetUnderTest, TERRAFORM, withoutCheck } from '../support/targets';
import { planJson, terraform } from '../support/terraform';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const OPEN: QuiltStackShape = { openEgress: true };

/** Stacks that differ from the plain one. Scheme, Connect and priorities change different resources, so one stack has the three. */
const SHAPES: Readonly<Record<string, QuiltStackShape>> = {
  'reached inside the network only, with Connect and other priorities': {
    scheme: 'internal',
    connect: true,
    priorities: { catalog: 60, registry: 70, proxy: 80 },
  },
  'whose group lets out everything': OPEN,
  'whose UserSecurityGroup was made by hand': { userGroup: 'by hand' },
};

/** A path of the catalog's host, and a host of its own, on one listener. */
function bothRoutings(stack: EmulatedQuiltStack): Record<string, EnvironmentAnswers> {
  const own = {
    routing: { mode: 'domain', host: 'mcp.example.com', priority: 100, hostedZoneId: stack.hostedZoneId },
  } as const;
  return { path: environmentBehind(stack), own: environmentBehind(stack, own) };
}

/** The last version that knew neither of the stack's own rule nor of the load balancer's way out, and its example answers. */
const BEFORE = { version: 'unreleased-2026-11-30', stack: 'quilt-dev', environment: 'dev' };

/** The repository that this version emitted, with what the stack has in the place of the example's ids. */
function asBefore(stack: EmulatedQuiltStack, target: TargetUnderTest['target']): EmittedRepository {
  const files = readFixture(BEFORE.version)[`${target}-newest-path`]!;
  const { network, account } = answersIn(files);
  const [albSecurityGroupId] = stack.albSecurityGroupIds;
  const ids: readonly (readonly [example: string, real: string])[] = [
    // First, for it has the account in it.
    [network.listenerArn, stack.listenerArn],
    [account, stack.accountId],
    [network.vpcId, stack.vpcId],
    ...network.privateSubnetIds.map((id, index) => [id, stack.privateSubnetIds[index]!] as const),
    [network.albSecurityGroupIds[0]!, albSecurityGroupId!],
    ['example-terraform-state', stack.stateBucket],
  ];
  const behind = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      ids.reduce((changed, [example, real]) => changed.replaceAll(example, real), text),
    ]),
  );
  const answers = JSON.parse(behind[ANSWERS_FILE]!) as Answers;
  const environment = answersIn(behind);
  // This version demands what that one did not know.
  const dev: EnvironmentAnswers = { ...environment, network: { ...environment.network, albEgress: 'present' } };
  return restoreRepository(
    behind,
    resolveDeployment(readConfig({ ...answers, environments: { [BEFORE.environment]: dev } }, BEFORE.version)),
  );
}

function answersIn(files: Files): EnvironmentAnswers {
  return (JSON.parse(files[ANSWERS_FILE]!) as Answers).environments[BEFORE.environment]!;
}

/** An emulated account with a Quilt stack, and a repository that is deployed behind it. */
class Stage {
  emulator!: Emulator;
  clients!: AwsClients;
  stack!: EmulatedQuiltStack;
  repository!: EmittedRepository;
  private env!: NodeJS.ProcessEnv;
  private stop!: () => Promise<void>;

  constructor(private readonly under: TargetUnderTest) {}

  begin(shape: QuiltStackShape, environments: (stack: EmulatedQuiltStack) => Answers['environments']): Promise<void> {
    return this.beginWith(shape, (stack) =>
      emitRepository(answersBehind(stack, environments(stack), LATEST, this.under.target)),
    );
  }

  async beginWith(
    shape: QuiltStackShape & { readonly name?: string },
    emit: (stack: EmulatedQuiltStack) => EmittedRepository,
  ): Promise<void> {
    this.emulator = await startEmulator();
    this.clients = awsClients(this.emulator);
    ({ env: this.env, stop: this.stop } = await this.under.start(this.emulator));
    this.stack = await createQuiltStack(this.emulator, shape);
    this.repository = emit(this.stack);
    for (const { name } of this.repository.deployment.environments) this.repository.setDigest(name, DIGEST);
  }

  async deploy(words: readonly string[] = withoutCheck(this.under.approved)): Promise<void> {
    for (const { name } of this.repository.deployment.environments) {
      const { exitCode, output } = await this.repository.run(`deploy:${name}`, words, this.env);
      expect(exitCode, output).toBe(0);
    }
  }

  async end(): Promise<void> {
    this.repository?.remove();
    await this.stop?.();
    await this.emulator?.stop();
  }

  /** What is in the way of each environment. */
  async obstacles(): Promise<Record<string, string[]>> {
    const entries = await Promise.all(
      this.repository.deployment.environments.map(async (environment) => [
        environment.name,
        [...new Set((await obstaclesOf(this.clients, environment)).map(({ at, text }) => `${at}: ${text}`))],
      ]),
    );
    return Object.fromEntries(entries);
  }

  /** What the load balancer's own group lets out, as protocol and port. */
  async letOut(): Promise<string[]> {
    const { securityGroups } = await readNetwork(this.clients);
    const group = securityGroups.find(({ id }) => id === this.stack.albSecurityGroupIds[0])!;
    // EC2 tells rules for one port as one, with several peers.
    return group.egress
      .flatMap(({ IpProtocol, FromPort, UserIdGroupPairs = [] }) =>
        IpProtocol === '-1' ? ['all'] : UserIdGroupPairs.map(() => `${IpProtocol} ${FromPort}`),
      )
      .sort();
  }
}

for (const under of [TERRAFORM, CLOUDFORMATION, CDK]) {
  const { target } = under;
  const isSkipped = await lacks(...under.engines);

  describe.skipIf(isSkipped).each(Object.entries(SHAPES))(`behind a Quilt stack %s, ${target}`, (what, shape) => {
    const stage = new Stage(under);
    beforeAll(() => stage.begin(shape, bothRoutings));
    afterAll(() => stage.end());

    it(`behind a Quilt stack ${what}, a deployment with ${target} is reached on a path and on a host of its own`, async () => {
      await stage.deploy();
      expect(await stage.obstacles()).toEqual({ path: [], own: [] });
      // CloudFormation would take a rule for everything away with the first of its own: where a group has one, nothing is made.
      const isMade = target === 'terraform' || !(shape.openEgress || shape.userGroup === 'by hand');
      const expected = [...(shape.openEgress ? ['all'] : []), 'tcp 80', ...(isMade ? ['tcp 8000', 'tcp 8000'] : [])];
      expect(await stage.letOut()).toEqual(expected.sort());
    });
  });

  describe.skipIf(isSkipped)(`as it was emitted before, ${target}`, () => {
    const stage = new Stage(under);
    beforeAll(() => stage.beginWith({ name: BEFORE.stack }, (behind) => asBefore(behind, target)));
    afterAll(() => stage.end());

    it(`as it was emitted before, a deployment with ${target} is not reached behind a Quilt stack, and both reasons are named`, async () => {
      // Its tasks did not look in the account before.
      await stage.deploy(under.approved);
      const { dev } = await stage.obstacles();
      expect(dev).toEqual([
        expect.stringMatching(/^listener: rule 25 forwards to .*; the rules of this deployment are 100$/),
        expect.stringMatching(/^load balancer: .* lets it out to TCP 8000 of the tasks/),
      ]);
    });
  });
}

describe.skipIf(await lacks(...CLOUDFORMATION.engines))('what comes between', () => {
  const stage = new Stage(CLOUDFORMATION);
  beforeAll(async () => {
    await stage.begin({}, (stack) => ({ dev: environmentBehind(stack) }));
    await stage.deploy();
  });
  afterAll(() => stage.end());

  const group = async (id: string) => (await readNetwork(stage.clients)).securityGroups.find((one) => one.id === id)!;
  const tasksGroup = async () => {
    const { securityGroups } = await readNetwork(stage.clients);
    return securityGroups.find(({ ingress }) => ingress.some(({ FromPort }) => FromPort === 8000))!;
  };

  it('what comes between a client and its tasks is named, one after the other', async () => {
    const { clients, stack } = stage;
    expect(await stage.obstacles()).toEqual({ dev: [] });

    const [alb] = stack.albSecurityGroupIds;
    const ours = (await group(alb!)).egress.filter(({ FromPort }) => FromPort === 8000) as IpPermission[];
    await clients.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId: alb, IpPermissions: ours }));
    expect((await stage.obstacles()).dev).toEqual([expect.stringMatching(/^load balancer: /)]);

    const tasks = await tasksGroup();
    await clients.ec2.send(
      new RevokeSecurityGroupIngressCommand({ GroupId: tasks.id, IpPermissions: tasks.ingress as IpPermission[] }),
    );
    await clients.ec2.send(
      new RevokeSecurityGroupEgressCommand({ GroupId: tasks.id, IpPermissions: tasks.egress as IpPermission[] }),
    );
    expect((await stage.obstacles()).dev).toEqual([
      expect.stringMatching(/^load balancer: /),
      expect.stringMatching(/^tasks: .* lets in TCP 8000/),
      expect.stringMatching(/^tasks: .* lets out TCP 443/),
    ]);

    const { routeTables } = await readNetwork(clients);
    const igw = routeTables.flatMap(({ routes }) => routes).find(({ target }) => target.startsWith('igw-'))!.target;
    const table = routeTables.find(({ subnetIds }) => subnetIds.includes(stack.privateSubnetIds[0]!))!;
    await clients.ec2.send(
      new ReplaceRouteCommand({ RouteTableId: table.id, DestinationCidrBlock: '0.0.0.0/0', GatewayId: igw }),
    );
    expect((await stage.obstacles()).dev).toContainEqual(
      expect.stringMatching(new RegExp(`^subnets: ${stack.privateSubnetIds[0]} leads to an internet gateway`)),
    );

    const { Rules } = await clients.elb.send(new DescribeRulesCommand({ ListenerArn: stack.listenerArn }));
    const catalog = Rules!.find(({ Priority }) => Priority === '25')!;
    await clients.elb.send(
      new SetRulePrioritiesCommand({ RulePriorities: [{ RuleArn: catalog.RuleArn, Priority: 5 }] }),
    );
    expect((await stage.obstacles()).dev).toContainEqual(expect.stringMatching(/^listener: rule 5 forwards to /));
  });
});

describe.skipIf(await lacks(...CLOUDFORMATION.engines))('the rule of a group that lets out everything', () => {
  const stage = new Stage(CLOUDFORMATION);
  beforeAll(() => stage.begin(OPEN, (stack) => ({ dev: environmentBehind(stack) })));
  afterAll(() => stage.end());

  it('the rule of a group that lets out everything takes that away if CloudFormation makes it all the same, as an owner may say', async () => {
    const own = join(stage.repository.directory, 'deploy/cloudformation/parameters/dev.local.json');
    writeFileSync(own, JSON.stringify({ Parameters: { AlbEgress: 'on' } }));
    await stage.deploy();
    expect(await stage.letOut()).toEqual(['tcp 80', 'tcp 8000']);
  });
});

describe.skipIf(await lacks(...TERRAFORM.engines))('the example beside a stack of quiltdata/iac', () => {
  let emulator: Emulator;
  let stack: EmulatedQuiltStack;
  let repository: EmittedRepository;
  let example: string;
  beforeAll(async () => {
    emulator = await startEmulator();
    stack = await createQuiltStack(emulator, { connect: true });
    repository = emitRepository(answersBehind(stack, { dev: environmentBehind(stack) }));
    example = join(repository.directory, 'deploy/terraform/modules/mcp_server/examples/iac');
    const { exitCode, output } = await terraform(example, ['init'], emulator.env);
    expect(exitCode, output).toBe(0);
  });
  afterAll(async () => {
    repository?.remove();
    await emulator?.stop();
  });

  /** What module.quilt.stack is in a configuration of quiltdata/iac. */
  const described = async () => {
    const { cloudformation } = awsClients(emulator);
    const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: stack.name }));
    const { Outputs = [], Parameters = [] } = Stacks![0]!;
    return {
      name: stack.name,
      outputs: Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])),
      parameters: Object.fromEntries(
        Parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
      ),
    };
  };
  const giveVariables = (behind: object) =>
    writeFileSync(
      join(example, 'terraform.tfvars.json'),
      JSON.stringify({
        stack: behind,
        host: 'mcp.example.com',
        hosted_zone_id: stack.hostedZoneId,
        listener_priority: 100,
        container_image: `${stack.accountId}.dkr.ecr.${stack.region}.amazonaws.com/quilt-mcp-server@${DIGEST}`,
        container_repository_arn: `arn:aws:ecr:${stack.region}:${stack.accountId}:repository/quilt-mcp-server`,
      }),
    );

  it("the example beside a stack of quiltdata/iac finds the catalog's load balancer and its group, beside that of Connect", async () => {
    giveVariables(await described());
    const { planned_values, resource_changes } = await planJson(example, emulator.env);
    const changes = resource_changes ?? [];
    expect(new Set(changes.flatMap(({ change }) => change.actions))).toEqual(new Set(['create']));
    const [module] = planned_values.root_module.child_modules!;
    const ofType = (type: string) => module!.resources!.filter((resource) => resource.type === type);
    expect(ofType('aws_lb_listener_rule').map(({ values }) => values.listener_arn)).toEqual(
      ofType('aws_lb_listener_rule').map(() => stack.listenerArn),
    );
    expect(ofType('aws_lb_listener_rule')).not.toEqual([]);
    const [group] = stack.albSecurityGroupIds;
    expect(ofType('aws_vpc_security_group_egress_rule').map(({ values }) => values.security_group_id)).toContain(group);
  });

  it('the example beside a stack of quiltdata/iac says which stack has no load balancer', async () => {
    giveVariables({ ...(await described()), name: 'another' });
    const { exitCode, output } = await terraform(example, ['plan'], emulator.env);
    expect(exitCode).toBe(1);
    expect(output.replace(/\s*│?\s+/g, ' ')).toContain('The stack another must have exactly one load balancer');
  });
});
