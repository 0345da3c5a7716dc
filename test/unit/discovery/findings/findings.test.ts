import { describe, expect, it } from 'vitest';
import { CALLS, type CallName } from '../../../../src/discovery/calls';
import { CHECKS, judge } from '../../../../src/discovery/findings';
import { SHOWN_BY } from '../../../../src/discovery/findings/check';
import type { Planned } from '../../../../src/discovery/planned';
import { proposalsOf } from '../../../../src/discovery/proposals';
import { proposedDeployment } from '../../../../src/discovery/proposed-deployment';
import type { Parts, Running, Snapshot } from '../../../../src/discovery/snapshot';
import { nameOf } from '../../../../src/model/names';
import { albEgressOf } from '../../../../src/operations/alb-egress';
import { healthyAccount } from '../../../support/healthy-account';

const HEALTHY = healthyAccount();
const PLANNED = proposedDeployment(proposalsOf(HEALTHY))!;
const domain = (certificateArn?: string): Planned => ({
  ...PLANNED,
  environment: {
    ...PLANNED.environment,
    url: 'https://mcp.elsewhere.org/mcp',
    service: {
      ...PLANNED.environment.service,
      domain: {
        host: 'mcp.elsewhere.org',
        ...(certificateArn !== undefined && { certificateArn }),
        albDnsName: 'x',
        albHostedZoneId: 'Z',
        albIpAddressType: 'ipv4',
      },
    },
  },
});

const server = (change: Partial<Running> = {}): Running => ({
  service: 'old-mcp',
  image: '850787717197.dkr.ecr.us-east-1.amazonaws.com/quiltdata/mcp:0.9.2',
  variables: ['FASTMCP_TRANSPORT', 'QUILT_CATALOG_URL'],
  secrets: ['MCP_ENHANCED_JWT_SECRET'],
  plaintextSecrets: [],
  taskRolePolicies: [],
  ...change,
});
const service = (name: string) => ({ name, desired: 1, running: 1, taskDefinition: `${name}:1`, targetGroupArns: [] });

const OWN = PLANNED.environment.service.serviceName;
const targetGroup = (tag: string | null) => ({
  arn: 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/any/1',
  name: PLANNED.environment.service.targetGroupName,
  service: tag,
});
const tasksGroup = (tag: string | null) => ({
  id: 'sg-tasks',
  name: PLANNED.environment.service.securityGroup.name,
  service: tag,
  ingress: [],
  egress: [],
});
const shifting = (roleName: string): Planned => {
  const { service: own } = PLANNED.environment;
  const shift = {
    strategy: 'BLUE_GREEN',
    bakeTimeInMinutes: 5,
    alternateTargetGroupName: 'alternate',
    roleName,
  } as const;
  return { ...PLANNED, environment: { ...PLANNED.environment, service: { ...own, rollout: { alarms: [], shift } } } };
};
const retaining = (retain: boolean): Planned => {
  const { service: own } = PLANNED.environment;
  const logGroup = { ...own.logGroup, retain };
  return { ...PLANNED, environment: { ...PLANNED.environment, service: { ...own, logGroup } } };
};

type Plant = readonly [text: string, change: (parts: Required<Parts>) => Partial<Parts>, planned?: Planned];

/** For each check, faults of an account, and a part of the text that tells of it. */
const FAULTS: Readonly<Record<string, readonly Plant[]>> = {
  account: [
    [
      'credentials are for account 444455556666',
      ({ identity }) => ({ identity: { ...identity, account: '444455556666' } }),
    ],
  ],
  listener: [
    ['there is no listener', () => ({ listenerArn: null, listeners: [] })],
    ['HTTP, not HTTPS', ({ listeners }) => ({ listeners: listeners.map((one) => ({ ...one, protocol: 'HTTP' })) })],
  ],
  priorities: [
    [
      'other rules at 20',
      ({ listeners }) => ({
        listeners: listeners.map((one) => ({
          ...one,
          rules: [...one.rules, { ...one.rules[1]!, Priority: '20', RuleArn: 'arn:other' }],
        })),
      }),
    ],
  ],
  'way-in': [
    [
      'rule 5 forwards to nginx',
      ({ listeners }) => ({
        listeners: listeners.map((one) => ({ ...one, rules: [...one.rules, { ...one.rules[0]!, Priority: '5' }] })),
      }),
    ],
    [
      'no security group of the load balancer',
      ({ loadBalancers }) => ({
        loadBalancers: loadBalancers.map((one) => ({ ...one, securityGroupIds: ['sg-0b0b0b0b'] })),
      }),
    ],
  ],
  'way-out': [
    [
      'leads to an internet gateway',
      ({ routeTables: [own, main] }) => ({ routeTables: [{ ...own!, subnetIds: ['subnet-0b0b0b0b'] }, main!] }),
    ],
    [
      'neither a route to a NAT gateway',
      ({ routeTables: [own, main] }) => ({
        routeTables: [
          { ...own!, subnetIds: ['subnet-0b0b0b0b'] },
          { ...main!, routes: [] },
        ],
      }),
    ],
  ],
  'allow-all': [
    [
      'lets the load balancer out to everything already',
      ({ securityGroups }) => ({
        securityGroups: securityGroups.map((one) => ({
          ...one,
          egress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        })),
      }),
    ],
  ],
  cluster: [
    ['no active cluster quilt', () => ({ cluster: null })],
    [
      'has the capacity providers asg, and neither FARGATE nor FARGATE_SPOT',
      ({ cluster }) => ({ cluster: { ...cluster!, capacityProviders: ['asg'] } }),
    ],
  ],
  names: [
    [
      'the service quilt-mcp-server-proposed is there already, and not of this generator',
      () => ({ services: [service(PLANNED.environment.service.serviceName)] }),
    ],
    [
      'the target group quilt-mcp-server-proposed is there already',
      ({ targetGroups }) => ({ targetGroups: [...targetGroups, targetGroup(null)] }),
    ],
    [
      'the target group quilt-mcp-server-proposed is there already',
      ({ targetGroups }) => ({ targetGroups: [...targetGroups, targetGroup('quilt-mcp-server-other')] }),
    ],
    [
      'the repository quilt-mcp-server-proposed is there already',
      () => ({ repositories: [{ name: PLANNED.environment.registry!.repository.name, service: null }] }),
    ],
    [
      'the security group quilt-mcp-server-proposed is there already',
      ({ securityGroups }) => ({ securityGroups: [...securityGroups, tasksGroup(null)] }),
    ],
    [
      'the security group quilt-mcp-server-proposed is there already',
      ({ securityGroups }) => ({ securityGroups: [...securityGroups, tasksGroup('quilt-mcp-server-other')] }),
    ],
    [
      'the role quilt-mcp-server-proposed-execution and the role quilt-mcp-server-proposed-task are there already',
      ({ roles }) => ({ roles: roles.map((one) => ({ ...one, isThere: true, service: null })) }),
    ],
    [
      'the role traffic is there already',
      ({ roles }) => ({ roles: [...roles, { name: 'traffic', isThere: true, service: null }] }),
      shifting('traffic'),
    ],
    [
      'the log group /ecs/quilt-mcp-server-proposed is there already',
      () => ({ logGroups: [{ name: PLANNED.environment.service.logGroup.name, service: null }] }),
      retaining(false),
    ],
    [
      'of an earlier deployment is there still',
      () => ({ logGroups: [{ name: PLANNED.environment.service.logGroup.name, service: OWN }] }),
      retaining(false),
    ],
  ],
  zones: [
    ['are in us-east-1a', ({ subnets }) => ({ subnets: subnets.map((one) => ({ ...one, zone: 'us-east-1a' })) })],
  ],
  certificate: [
    [
      'for *.example.org',
      ({ certificates }) => ({ certificates: certificates.map((one) => ({ ...one, names: ['*.example.org'] })) }),
    ],
    [
      'is EXPIRED',
      ({ certificates }) => ({ certificates: certificates.map((one) => ({ ...one, status: 'EXPIRED' })) }),
    ],
    [
      'ends in 9 days',
      ({ certificates }) => ({
        certificates: certificates.map((one) => ({ ...one, notAfter: '2026-12-10T12:00:00Z' })),
      }),
    ],
    ['that the answers name is for mcp.elsewhere.org', () => ({}), domain(HEALTHY.parts.listenerCertificates![0])],
  ],
  quotas: [
    ['rules, and the quota is 5', () => ({ limits: { rules: 5, certificates: 25 } })],
    [
      '26 certificates, and the quota is 25',
      ({ listenerCertificates: [first] }) => ({
        listenerCertificates: [first!, ...Array.from({ length: 25 }, (_, index) => `${first}${index}`)],
      }),
      domain(),
    ],
  ],
  'idle-timeout': [['idle for 60 s, and the answers say 1000 s', () => ({ idleTimeout: 60 })]],
  'web-acl': [
    ['blocks large bodies', () => ({ webAcl: { name: 'acl', byCountry: [], bySize: ['core'] } })],
    ['by their country', () => ({ webAcl: { name: 'acl', byCountry: ['geo'], bySize: [] } })],
  ],
  'other-names': [
    [
      'the service quilt-mcp-server-production and the log group /ecs/quilt-mcp-server-dev are named as an environment of quilt',
      () => ({
        services: [service('quilt-mcp-server-production')],
        logGroups: [{ name: '/ecs/quilt-mcp-server-dev', service: null }],
      }),
    ],
  ],
  stack: [
    ['no stack in us-east-1 has this name', () => ({ stack: null })],
    ['the stacks a and b have the same output', () => ({ stack: null, otherStacks: ['a', 'b'] })],
  ],
  connect: [
    [
      'https://connect.example.com/mcp/platform/mcp',
      ({ stack }) => ({
        stack: {
          ...stack!,
          outputs: { ...stack!.outputs, PlatformMcpServerUrl: 'https://connect.example.com/mcp/platform/mcp' },
        },
      }),
    ],
  ],
  'github-provider': [['no identity provider for GitHub', () => ({ oidcProviders: [] })]],
  deployed: [
    ["generation g1b (by its image's tag 0.9.2)", () => ({ services: [service('old-mcp')], running: [server()] })],
  ],
  open: [
    ['g0 answers a request without a token with 200', () => ({ running: [server({ image: 'x/quilt-mcp:0.4.0' })] })],
    [
      'takes tokens that anybody can sign',
      () => ({ running: [server({ variables: ['MCP_REQUIRE_JWT'], secrets: [] })] }),
    ],
  ],
  'plaintext-secret': [['has API_KEY in plain text', () => ({ running: [server({ plaintextSecrets: ['API_KEY'] })] })]],
  'task-role': [
    [
      'has ReadEverything',
      () => ({ running: [server({ image: 'x/quiltdata/mcp:0.22.0', taskRolePolicies: ['ReadEverything'] })] }),
    ],
  ],
};

const planted = ([, change]: Plant): Snapshot => healthyAccount((parts) => ({ ...parts, ...change(parts) }));

describe('the findings about an account', () => {
  it('the findings about a healthy account are none, and every check has a result', () => {
    expect(judge(HEALTHY, PLANNED)).toEqual({ findings: [], unknown: [], judged: CHECKS.length });
  });

  it('the findings have a fault for each check here', () => {
    expect(Object.keys(FAULTS)).toEqual(CHECKS.map(({ id }) => id));
  });

  it.each(Object.entries(FAULTS).flatMap(([id, plants]) => plants.map((plant) => [id, plant[0], plant] as const)))(
    'the findings tell of a fault once: %s, %s',
    (id, text, plant) => {
      const { findings } = judge(planted(plant), plant[2] ?? PLANNED);
      const found = findings.filter(({ check }) => check === id);
      expect(found.map((finding) => finding.text)).toEqual([expect.stringContaining(text)]);
      for (const { evidence, effect, remedy } of found) {
        expect([evidence, effect, remedy].every((line) => line.length > 0 && !line.includes('\n'))).toBe(true);
      }
    },
  );

  /** The healthy account with the deployment in it, its rules this much further up than planned. */
  const withOwnRules = (moved = 0, tag: string | null = OWN) => {
    const { service: own, url } = PLANNED.environment;
    const arn = `arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/${own.targetGroupName}/1`;
    const host = new URL(url).hostname;
    return healthyAccount((parts) => ({
      ...parts,
      targetGroups: [...parts.targetGroups, { arn, name: own.targetGroupName, service: tag }],
      listeners: parts.listeners.map((listener) => ({
        ...listener,
        rules: [
          ...listener.rules,
          ...own.listenerRules.map(({ priority, paths, origins, action }) => ({
            Priority: String(priority - moved),
            Conditions: [
              { Field: 'path-pattern', PathPatternConfig: { Values: [...paths].reverse() } },
              { Field: 'host-header', HostHeaderConfig: { Values: [host] } },
              ...(origins
                ? [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'origin', Values: origins } }]
                : []),
            ],
            Actions: [
              action === 'forward'
                ? { Type: 'forward', TargetGroupArn: arn }
                : { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '403' } },
            ],
          })),
        ],
      })),
    }));
  };

  it.each([[['FARGATE']], [['asg', 'FARGATE_SPOT']], [[]]])(
    'the findings about a cluster with the capacity providers %j are none',
    (capacityProviders) => {
      const snapshot = healthyAccount((parts) => ({ ...parts, cluster: { ...parts.cluster!, capacityProviders } }));
      expect(judge(snapshot, PLANNED).findings).toEqual([]);
    },
  );

  it("the findings of a deployment that is there already are none: its own rules are in nobody's way", () => {
    expect(judge(withOwnRules(), PLANNED).findings).toEqual([]);
  });

  it.each([1, 2, 9])(
    'the findings of a deployment that moves its rules by %i priorities are none: the former rules are its own, too',
    (moved) => {
      expect(judge(withOwnRules(moved), PLANNED).findings).toEqual([]);
    },
  );

  it("the findings of a deployment take the rules of somebody else's target group of its name for rules of others", () => {
    const checks = (snapshot: Snapshot) => new Set(judge(snapshot, PLANNED).findings.map(({ check }) => check));
    expect(checks(withOwnRules(1, null))).toEqual(new Set(['priorities', 'way-in', 'names']));
    expect(checks(withOwnRules(1, 'quilt-mcp-server-other'))).toEqual(new Set(['priorities', 'way-in', 'names']));
    // A snapshot that was taken for another deployment has no tags of it.
    const { parts } = withOwnRules(1, null);
    const targetGroups = parts.targetGroups!.map(({ arn, name }) => ({ arn, name }));
    const { findings, unknown } = judge({ ...HEALTHY, parts: { ...parts, targetGroups } }, PLANNED);
    expect([findings, unknown.map(({ check }) => check)]).toEqual([[], ['names', 'other-names']]);
  });

  it('the findings about names are none for what an earlier deployment left, and this one takes over', () => {
    const { logGroup } = PLANNED.environment.service;
    const kept = (tag: string | null | undefined) =>
      healthyAccount((parts) => ({
        ...parts,
        targetGroups: [...parts.targetGroups, targetGroup(OWN)],
        repositories: [{ name: PLANNED.environment.registry!.repository.name, service: OWN }],
        logGroups: [{ name: logGroup.name, ...(tag !== undefined && { service: tag }) }],
      }));
    expect(judge(kept(OWN), retaining(true)).findings).toEqual([]);
    expect(judge(kept(null), retaining(true)).findings).toEqual([]);
    // A check does not ask for the tags of one that is taken over.
    expect(judge(kept(undefined), retaining(true))).toMatchObject({ findings: [], unknown: [] });
    expect(judge(kept(OWN), retaining(false)).findings.map(({ severity }) => severity)).toEqual(['warning']);
    expect(judge(kept(null), retaining(false)).findings.map(({ severity }) => severity)).toEqual(['error']);
  });

  it("the findings about names are none for the deployment's own roles and security group", () => {
    const there = (tag: string | null, services: Parts['services']) =>
      healthyAccount((parts) => ({
        ...parts,
        services,
        securityGroups: [...parts.securityGroups, tasksGroup(tag)],
        roles: parts.roles.map((one) => ({ ...one, isThere: true, service: OWN })),
      }));
    expect(judge(there(OWN, []), PLANNED).findings).toEqual([]);
    // The group of a stack that has no tags of its own.
    expect(judge(there(null, [{ ...service(OWN), convention: 'g3b' }]), PLANNED).findings).toEqual([]);
  });

  it('the findings about task roles are none without policies, and for the one policy that this generator makes', () => {
    const checksOf = (change: Partial<Running>, convention?: string) => {
      const { findings, unknown } = judge(
        healthyAccount((parts) => ({
          ...parts,
          running: [server(change)],
          services: [{ ...service('old-mcp'), ...(convention !== undefined && { convention }) }],
        })),
        PLANNED,
      );
      return [...findings, ...unknown].map(({ check }) => check).filter((check) => check === 'task-role');
    };
    expect(checksOf({ image: 'x/mcp', variables: ['A', 'B'], secrets: [] })).toEqual([]);
    expect(checksOf({ taskRolePolicies: ['quilt'] }, 'g0')).toEqual([]);
    expect(checksOf({ taskRolePolicies: ['AmazonS3FullAccess', 'quilt'] }, 'g0')).toEqual(['task-role']);
    expect(checksOf({ image: 'x/quilt-mcp:0.4.0', taskRolePolicies: ['AmazonS3FullAccess'] })).toEqual(['task-role']);
  });

  it('the findings about servers that let everybody in are not hidden by another server, whose generation is not known', () => {
    const unknown = server({ service: 'fork', image: 'x/mcp', variables: ['A', 'B'], secrets: [] });
    const judged = (...running: Running[]) => {
      const verdict = judge(
        healthyAccount((parts) => ({ ...parts, running })),
        PLANNED,
      );
      const isOpen = ({ check }: { readonly check: string }) => check === 'open';
      return [verdict.findings.filter(isOpen).length, verdict.unknown.filter(isOpen).length];
    };
    const [open] = planted(FAULTS.open![0]!).parts.running!;
    expect(judged(unknown)).toEqual([0, 1]);
    expect(judged(unknown, open!)).toEqual([1, 0]);
  });

  const remedies = (snapshot: Snapshot, id: string, planned = PLANNED) =>
    judge(snapshot, planned).findings.flatMap(({ check, remedy }) => (check === id ? [remedy] : []));
  /** The healthy account with rules of others on its listener, that take the requests of the catalog's host or another one's. */
  const withRules = (...others: readonly (readonly [priority: number, host?: string])[]) =>
    healthyAccount((parts) => ({
      ...parts,
      listeners: parts.listeners.map((one) => ({
        ...one,
        rules: [
          ...one.rules,
          ...others.map(([priority, host]) => ({
            RuleArn: `arn:rule/${priority}`,
            Priority: String(priority),
            Conditions: [
              host === undefined
                ? one.rules[0]!.Conditions![0]!
                : { Field: 'host-header', HostHeaderConfig: { Values: [host] } },
            ],
            Actions: one.rules[0]!.Actions!,
          })),
        ],
      })),
    }));

  it('the findings about a rule in the way name the priority that is free before it, or the command that moves it behind', () => {
    const { listenerPriority, listenerRules } = PLANNED.environment.service;
    const last = listenerRules.at(-1)!.priority;
    const size = last - listenerPriority + 1;
    const [free] = remedies(withRules([listenerPriority - 1], [1, 'other.example.com']), 'way-in');
    expect(free).toContain('There is no room before rule');
    expect(remedies(withRules([20]), 'way-in')[0]).toContain(
      `Set environments.proposed.routing.priority to ${20 - size}: `,
    );
    const [moved] = remedies(withRules([5]), 'way-in');
    expect(moved).toContain(
      `aws elbv2 set-rule-priorities --region us-east-1 --rule-priorities RuleArn=arn:rule/5,Priority=${last + 1}.`,
    );
    expect(moved).not.toContain('Then set');
    // A second rule of others, behind the first, takes the requests as well, and the priorities of the answers are not free.
    const [both] = remedies(withRules([5], [listenerRules[0]!.priority]), 'way-in');
    expect(both).toContain('Move them behind');
    expect(both).toContain('RuleArn=arn:rule/5,Priority=');
  });

  it('the findings about priorities that are taken name the first that is free', () => {
    const taken = withRules([20, 'other.example.com']);
    expect(remedies(taken, 'priorities')).toEqual([
      expect.stringMatching(/routing\.priority to \d+: its priorities are free/),
    ]);
    const first = Number(/priority to (\d+)/.exec(remedies(taken, 'priorities')[0]!)![1]);
    const offsets = PLANNED.environment.service.listenerRules.map(
      ({ priority }) => priority - PLANNED.environment.service.listenerPriority,
    );
    const wanted = offsets.map((offset) => first + offset);
    expect([wanted.includes(20), wanted.at(-1)! < 25]).toEqual([false, true]);
  });

  it('the findings about a listener that is not there are one: without it, no way in is judged', () => {
    const gone = healthyAccount((parts) => ({ ...parts, listenerArn: null, listeners: [] }));
    const { findings, unknown } = judge(gone, PLANNED);
    expect(findings.map(({ check }) => check)).toEqual(['listener']);
    expect(unknown).toEqual([
      expect.objectContaining({ check: 'way-in', why: ['the listener of the answers is not there'] }),
    ]);
  });

  it('the findings about a subnet that is not there are one: ECS refuses the service', () => {
    const gone = healthyAccount((parts) => ({
      ...parts,
      subnets: parts.subnets.filter(({ id }) => id !== 'subnet-0b0b0b0b'),
    }));
    const { findings } = judge(gone, PLANNED);
    expect(findings.map(({ check, text }) => [check, text])).toEqual([
      ['way-out', 'there is no subnet subnet-0b0b0b0b in vpc-0a0a0a0a'],
    ]);
    expect(findings[0]!.effect).toContain('InvalidSubnetID.NotFound');
    expect(findings[0]!.remedy).toContain('subnet-0a0a0a0a has one');
  });

  it('the findings have no remedy with a value left out', () => {
    const plants = Object.values(FAULTS).flat();
    const all = plants.flatMap((plant) => judge(planted(plant), plant[2] ?? PLANNED).findings);
    const imported = healthyAccount((parts) => ({
      ...parts,
      certificates: parts.certificates.map((one) => ({
        ...one,
        notAfter: '2026-12-10T12:00:00Z',
        isImported: true as const,
      })),
    }));
    for (const { remedy } of [...all, ...judge(imported, PLANNED).findings]) {
      expect(remedy).not.toMatch(/…|undefined|sg-"/);
      if (/aws (?!s3)\w+ [a-z-]+ --/.test(remedy)) expect(remedy).toContain('--region us-east-1');
    }
    expect(remedies(planted(FAULTS.open![0]!), 'open')[0]).toContain('--cluster quilt --service old-mcp');
    expect(remedies(planted(FAULTS['way-in']![1]!), 'way-in')[0]).toContain('{"create": "sg-0b0b0b0b"}');
  });

  it('the findings about names are unknown if the reading did not ask for the roles of these answers', () => {
    const { findings, unknown } = judge(HEALTHY, shifting('traffic'));
    expect([findings, unknown.map(({ check }) => check)]).toEqual([[], ['names', 'other-names']]);
    expect(unknown[0]!.why[0]).toContain('the role traffic was not asked for');
  });

  it("the findings about names are none for resources of this generator's other environments, and of a service that it made", () => {
    const there = healthyAccount((parts) => ({
      ...parts,
      services: ['quilt-mcp-server-dev', OWN].map((name) => ({ ...service(name), convention: 'g3b' })),
      // Of another environment, with a suffix; and one of many letters, which is cut.
      targetGroups: [
        { arn: 'arn:1', name: 'quilt-mcp-server-dev-b', service: 'quilt-mcp-server-dev' },
        {
          arn: 'arn:2',
          name: nameOf('targetGroup', 'quilt', 'development-of-us'),
          service: 'quilt-mcp-server-development-of-us',
        },
      ],
      logGroups: [
        { name: '/ecs/quilt-mcp-server-dev', service: 'quilt-mcp-server-dev' },
        { name: `/ecs/${OWN}`, service: OWN },
        { name: '/ecs/another' },
      ],
    }));
    expect(judge(there, retaining(false)).findings).toEqual([]);
  });

  it('the findings of a deployment take a rule beside its own that answers for another host for somebody else’s', () => {
    const there = withOwnRules(1);
    const [first] = PLANNED.environment.service.listenerRules;
    const { listeners } = there.parts;
    const other = {
      RuleArn: 'arn:other',
      Priority: String(first!.priority),
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['other.example.com'] } }],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    };
    const without = listeners!.map((one) => ({
      ...one,
      rules: [...one.rules.filter(({ Priority }) => Priority !== other.Priority), other],
    }));
    const { findings } = judge({ ...there, parts: { ...there.parts, listeners: without } }, PLANNED);
    expect(findings.map(({ check }) => check)).toEqual(['priorities']);
  });

  it.each(Object.keys(CALLS) as CallName[])(
    'the findings without an answer to %s are unknown, and none is wrong',
    (call) => {
      const hidden = (Object.keys(SHOWN_BY) as (keyof Parts)[]).filter((part) =>
        (SHOWN_BY[part] as CallName[]).includes(call),
      );
      const seen = healthyAccount((parts) =>
        Object.fromEntries(Object.entries(parts).filter(([name]) => !hidden.includes(name as keyof Parts))),
      );
      const { findings, unknown, judged } = judge(
        { ...seen, unseen: [{ call, reason: 'denied', said: 'AccessDenied' }] },
        PLANNED,
      );
      expect(findings).toEqual([]);
      expect(judged + unknown.length).toBe(CHECKS.length);
      for (const { why } of unknown) expect(why).toEqual([`needs ${CALLS[call].actions.join(', ')}`]);
    },
  );

  it('the findings about an imported certificate do not tell of a renewal that ACM never makes', () => {
    const effectOf = (isImported: object) =>
      judge(
        healthyAccount((parts) => ({
          ...parts,
          certificates: parts.certificates.map((one) => ({ ...one, notAfter: '2026-12-10T12:00:00Z', ...isImported })),
        })),
        PLANNED,
      ).findings[0]!.effect;
    expect(effectOf({ isImported: true })).toContain('ACM does not renew');
    expect(effectOf({})).toContain('ACM renews');
  });

  it('the findings about a rule that is not needed are a note: no target takes the other rule away', () => {
    const open = planted(FAULTS['allow-all']![0]!);
    const notes = (['terraform', 'cloudformation', 'cdk'] as const).map((target) => {
      const { severity, effect } = judge(open, { ...PLANNED, target }).findings.find(
        ({ check }) => check === 'allow-all',
      )!;
      return [severity, effect.includes('leaves its own rule out')];
    });
    expect(notes).toEqual([
      ['note', false],
      ['note', true],
      ['note', true],
    ]);
    // What CloudFormation's and the CDK's tasks do.
    const groups = open.parts.securityGroups!.map(({ id, egress }) => ({ GroupId: id, IpPermissionsEgress: egress }));
    const { albEgressGroupId: group = '', serviceName } = PLANNED.environment.service;
    expect(albEgressOf({ group, service: serviceName }, groups).value).toBe('off');
  });

  it.each<[string, string, (parts: Required<Parts>) => Partial<Parts>]>([
    [
      'a task role whose policies were not seen',
      'task-role',
      () => {
        const { taskRolePolicies: _, ...unseen } = server({ image: 'x/quiltdata/mcp:0.22.0' });
        return { running: [unseen] };
      },
    ],
    [
      'a task role with policies, of a server of an unknown generation',
      'open, task-role',
      () => ({
        running: [
          server({ image: 'x/mcp', variables: ['A', 'B'], secrets: [], taskRolePolicies: ['AmazonS3FullAccess'] }),
        ],
      }),
    ],
    [
      'a web ACL that another rule decides',
      'web-acl',
      () => ({ webAcl: { name: 'acl', byCountry: [], bySize: [], undecided: 'it blocks what it does not know' } }),
    ],
    [
      'a rule by the address of the client',
      'way-in',
      ({ listeners }) => ({
        listeners: listeners.map((one) => ({
          ...one,
          rules: [...one.rules, { ...one.rules[0]!, Priority: '1', Conditions: [{ Field: 'source-ip' }] }],
        })),
      }),
    ],
    [
      'a rule by a regular expression',
      'way-in',
      ({ listeners }) => ({
        listeners: listeners.map((one) => ({
          ...one,
          rules: [...one.rules, { ...one.rules[0]!, Priority: '1', Conditions: [{ Field: 'path-pattern' }] }],
        })),
      }),
    ],
    [
      'a security group that lets out to a prefix list',
      'way-in',
      ({ securityGroups }) => ({
        securityGroups: securityGroups.map((group) => ({
          ...group,
          egress: [{ IpProtocol: 'tcp', FromPort: 8000, ToPort: 8000, PrefixListIds: [{ PrefixListId: 'pl-1' }] }],
        })),
      }),
    ],
  ])('the findings with %s are unknown: it may be either', (_, id, change) => {
    const { service } = PLANNED.environment;
    const planned = {
      ...PLANNED,
      environment: { ...PLANNED.environment, service: { ...service, albEgressGroupId: undefined } },
    };
    const withWay = healthyAccount((parts) => ({
      ...parts,
      securityGroups: parts.securityGroups.map((group) => ({
        ...group,
        egress: [{ IpProtocol: 'tcp', FromPort: 8000, ToPort: 8000, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
      })),
    }));
    expect(judge(withWay, planned)).toMatchObject({ findings: [], unknown: [] });
    const { findings, unknown } = judge(
      { ...withWay, parts: { ...withWay.parts, ...change(withWay.parts as Required<Parts>) } },
      planned,
    );
    const wrong = findings.filter(({ severity }) => severity !== 'note');
    expect([wrong, unknown.map(({ check }) => check).join(', ')]).toEqual([[], id]);
    expect(unknown[0]!.why[0]).toMatch(/not|needs/);
  });

  it("the findings of a deployment that is there already take a rule for its tasks' own group for a way to them", () => {
    const { service } = PLANNED.environment;
    const planned = {
      ...PLANNED,
      environment: { ...PLANNED.environment, service: { ...service, albEgressGroupId: undefined } },
    };
    const there = healthyAccount((parts) => ({
      ...parts,
      securityGroups: [
        ...parts.securityGroups.map((group) => ({
          ...group,
          egress: [{ IpProtocol: 'tcp', FromPort: 8000, ToPort: 8000, UserIdGroupPairs: [{ GroupId: 'sg-tasks' }] }],
        })),
        tasksGroup(OWN),
      ],
    }));
    expect(judge(there, planned).findings).toEqual([]);
  });

  it('the findings without answers for a deployment are those about the account alone', () => {
    const { unknown } = judge(HEALTHY, undefined);
    expect(unknown.map(({ check }) => check)).toEqual(
      CHECKS.filter(({ isOfDeployment }) => isOfDeployment).map(({ id }) => id),
    );
    expect(new Set(unknown.flatMap(({ why }) => why))).toEqual(
      new Set(['there are no complete answers for a deployment yet']),
    );
  });
});
