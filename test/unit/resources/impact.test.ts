import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnvironmentAnswers } from '../../../src/config/environment';
import { exampleAnswers } from '../../../src/config/example';
import { type Answers, TARGETS } from '../../../src/config/repository';
import { CATALOGUE, findDeployable, isDeployable, LATEST } from '../../../src/conventions';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { compareResources, type Impact, type ResourceChange, SENDS_WEIGHTS } from '../../../src/resources/impact';
import { refusals } from '../../../src/resources/refusals';
import type { Resource } from '../../../src/resources/resource';
import { resourcesOf } from '../../../src/resources/resources';
import { formatResources, parseResources } from '../../../src/resources/stored';
import { factsOf } from '../../../src/resources/types';
import { FAR_FUTURE, FUTURE, inventFuture } from '../../support/future';
import { REGISTRY_VARIABLE } from '../../support/newest';

inventFuture();

type Target = NonNullable<Answers['target']>;

function resources(
  conventions: string,
  target: Target,
  change: (dev: EnvironmentAnswers, answers: Answers) => void = () => {},
): Resource[] {
  const answers = exampleAnswers(findDeployable(conventions)!, target);
  change(answers.environments.dev!, answers);
  return resourcesOf(resolveDeployment(readConfig(answers, 'test')));
}

/** The same under other names, but for that of the stack or state that has them. */
function renamed(resources: readonly Resource[]): Resource[] {
  return resources.map((resource) => ({
    ...(JSON.parse(JSON.stringify(resource).replaceAll('quilt-mcp-server', 'other-mcp-server')) as Resource),
    unit: resource.unit,
  }));
}

/** What happens in the first environment, a line each. */
function inDev(impact: Impact): string[] {
  return impact.filter(({ environment }) => environment === 'dev').map(line);
}

function line({ layer, id, action, fate, properties }: ResourceChange): string {
  const what = properties.filter((name) => !name.startsWith('tags.')).join(' ');
  return [`${layer} ${id}: ${action}`, fate && `(${fate})`, what].filter(Boolean).join(' ');
}

const updated = (id: string) => `service ${id}: update`;
const RULES = ['allowedOriginRule1', 'otherOriginRule', 'listenerRule', 'oauthProbeRule'].map(updated);
const NEWEST = LATEST.id;
const RENAMED = ['QUILT_PLATFORM_URL', REGISTRY_VARIABLE].map((name) => `environment.${name}`).sort();

describe.each(TARGETS)('an upgrade with %s', (target) => {
  const upgrade = (from: string, to: string) =>
    compareResources(resources(from, target), resources(to, target), target);

  it(`an upgrade with ${target} from g1a to g3c drops the secret, and moves the health check under the tasks that run`, () => {
    const impact = upgrade('g1a', 'g3c');
    expect(inDev(impact)).toEqual([
      'registry repository: update',
      'service taskDefinition: revise environment.AWS_DEFAULT_REGION environment.MCP_CORS_ALLOWED_ORIGINS environment.QUILT_DEPLOYMENT environment.QUILT_REGISTRY_URL environment.QUILT_SERVICE_TIMEOUT probe secrets.MCP_ENHANCED_JWT_SECRET',
      'service service: update taskDefinition',
      'service targetGroup: update healthCheckPath',
      'service executionRole: update policy',
    ]);
    expect(impact.find(({ id }) => id === 'targetGroup')!.note).toContain('count as unhealthy');
  });

  it(`an upgrade with ${target} from g2c to g3c drops the secret and a variable, and puts one in the place of another`, () => {
    expect(inDev(upgrade('g2c', 'g3c'))).toEqual([
      'registry repository: update',
      'service taskDefinition: revise environment.MCP_TELEMETRY_ENABLED environment.QUILT_DEPLOYMENT environment.QUILT_MULTIUSER_MODE secrets.MCP_JWT_SECRET',
      'service service: update taskDefinition',
      'service executionRole: update policy',
    ]);
  });

  it(`an upgrade with ${target} from g3b to g3c changes nothing but tags, and of a service only those of what has revisions`, () => {
    const impact = upgrade('g3b', 'g3c');
    expect(new Set(impact.map(({ action }) => action))).toEqual(new Set(['update']));
    expect(new Set(impact.flatMap(({ properties }) => properties))).toEqual(new Set(['tags.Convention']));
    const ofService = impact.filter(({ layer }) => layer === 'service').map(({ id }) => id);
    expect(new Set(ofService)).toEqual(new Set(['taskDefinition', 'service']));
    const tagged = resources(NEWEST, target).filter(({ layer, properties }) => layer === 'registry' && properties.tags);
    expect(impact.length - ofService.length).toBe(tagged.length);
  });

  it(`an upgrade with ${target} says of a rule that moves traffic that its weights are sent, whatever of it changes`, () => {
    const deployed = (team: string, strategy: 'canary' | 'rolling') =>
      resources(NEWEST, target, (dev) => {
        dev.tags = { Team: team };
        if (target !== 'terraform') dev.deployment = { strategy };
      });
    const noteOf = (strategy: 'canary' | 'rolling') =>
      compareResources(deployed('a', strategy), deployed('b', strategy), target).find(({ id }) => id === 'listenerRule')
        ?.note;
    expect(noteOf('canary')).toBe(target === 'terraform' ? undefined : SENDS_WEIGHTS);
    expect(noteOf('rolling')).toBeUndefined();
  });

  it(`an upgrade with ${target} goes ahead between all generations that are emitted, forward and back`, () => {
    const ids = CATALOGUE.filter(isDeployable).flatMap(({ id }) => (id === FAR_FUTURE.id ? [] : id));
    const refused = ids.flatMap((from) => ids.filter((to) => refusals(upgrade(from, to)).length > 0));
    expect(refused).toEqual([]);
    expect(ids.flatMap((id) => upgrade(id, id))).toEqual([]);
  });

  it(`an upgrade with ${target} renames a variable and adds a secret`, () => {
    expect(inDev(upgrade(NEWEST, FUTURE.id))).toEqual([
      'registry repository: update',
      `service taskDefinition: revise ${RENAMED.join(' ')} secrets.SIGNING_KEY`,
      'service service: update taskDefinition',
      'service executionRole: update policy',
    ]);
  });

  it(`an upgrade with ${target} refuses another port, for the target group keeps its name`, () => {
    const impact = upgrade('g8a', 'g8b');
    expect(inDev(impact)).toContain('service targetGroup: replace (refused) port');
    expect(inDev(impact)).toContain('service listenerRule: update conditions targetGroup');
    expect(refusals(impact).map(({ change, reason }) => [change.environment, change.id, reason])).toEqual(
      ['dev', 'staging', 'production'].map((environment) => [
        environment,
        'targetGroup',
        'requests of clients go through it, and the deployment stops at it',
      ]),
    );
  });
});

describe('what is replaced', () => {
  const compare = (target: Target, change: Parameters<typeof resources>[2]) =>
    compareResources(resources(NEWEST, target), resources(NEWEST, target, change), target);

  it.each(TARGETS)('with %s, what is replaced takes along what refers to it', (target) => {
    const before = resources(NEWEST, target);
    const impact = compareResources(before, renamed(before), target);
    const dev = inDev(impact);
    expect(dev).toContain(
      'service service: replace (deleted) loadBalancedContainer name securityGroups targetGroup taskDefinition',
    );
    expect(dev).toContain('service securityGroup: replace (deleted) description name');
    expect(dev).toContain('service listenerRule: update targetGroup');
    expect(dev).toContain('service executionRole: replace (deleted) description name policy');
    const group = impact.find(({ environment, id }) => environment === 'dev' && id === 'targetGroup')!;
    expect([group.formerKey, group.key]).toEqual(['quilt-mcp-server-dev', 'other-mcp-server-dev']);
  });

  it('what is replaced is known by what it is, not by its name', () => {
    const forwarding = (dev: EnvironmentAnswers) => {
      dev.cors = { foreignOrigins: 'forward' };
    };
    const impact = compareResources(
      resources(NEWEST, 'terraform', forwarding),
      resources(NEWEST, 'terraform'),
      'terraform',
    );
    expect(inDev(impact)).toEqual([
      'service allowedOriginRule1: create',
      'service otherOriginRule: create',
      'service listenerRule: update priority',
    ]);
  });

  it.each([
    ['terraform', 'certificate', 'replace (deleted) domain validatedDomain', 'replace (deleted) certificate'],
    ['cloudformation', 'certificate', 'replace (deleted) domain validatedDomain', 'update certificate'],
    ['cdk', 'certificate', 'replace (deleted) domain validatedDomain', 'update certificate'],
  ] as const)('what a new domain replaces differs by target: %s', (target, _id, certificate, listenerCertificate) => {
    const domain = (host: string) => (dev: EnvironmentAnswers) => {
      Object.assign(dev.network, { albDnsName: 'a.elb.amazonaws.com', albHostedZoneId: 'Z1' });
      dev.routing = { mode: 'domain', host, priority: 1, hostedZoneId: 'Z2' };
    };
    const impact = compareResources(
      resources(NEWEST, target, domain('a.example.com')),
      resources(NEWEST, target, domain('b.example.com')),
      target,
    );
    expect(inDev(impact)).toEqual([
      'service taskDefinition: revise environment.MCP_CORS_ALLOWED_ORIGINS',
      'service service: update taskDefinition',
      'service allowedOriginRule1: update conditions',
      'service otherOriginRule: update conditions',
      'service listenerRule: update conditions',
      `service certificate: ${certificate}`,
      `service listenerCertificate: ${listenerCertificate}`,
      'service aliasRecord: replace (deleted) name',
    ]);
    expect(refusals(impact)).toEqual([]);
  });

  it('a listener rule is replaced for another listener, and destroyed before its successor is made', () => {
    const impact = compare('terraform', (dev) => {
      dev.network.listenerArn = dev.network.listenerArn.replace(/.$/, 'e');
    });
    expect(inDev(impact)).toEqual(RULES.map((rule) => rule.replace('update', 'replace (deleted) listener')));
    expect(impact[0]!.note).toBe('it is destroyed before its successor is made');
  });

  it('a service that is replaced counts as serving only if tasks run', () => {
    const change = (dev: EnvironmentAnswers) => {
      dev.network.clusterName = 'other';
    };
    const before = (desired: number) =>
      resources(NEWEST, 'terraform', (dev) => {
        dev.capacity = { ...dev.capacity, desired };
      });
    const after = resources(NEWEST, 'terraform', change);
    expect(refusals(compareResources(before(1), after, 'terraform')).map(({ change: { id } }) => id)).toEqual([
      'service',
    ]);
    expect(refusals(compareResources(before(0), after, 'terraform'))).toEqual([]);
  });
});

describe('what holds data', () => {
  const underOtherNames = (target: Target, retainData: boolean) => {
    const before = resources(NEWEST, target, (dev) => {
      dev.retainData = retainData;
    });
    return compareResources(before, renamed(before), target).filter(
      ({ environment, holdsData }) => environment === 'dev' && holdsData,
    );
  };

  it.each([
    ['terraform', true, ['refused', 'kept']],
    ['terraform', false, ['deleted', 'deleted']],
    ['cloudformation', true, ['kept', 'kept']],
    ['cloudformation', false, ['deleted', 'deleted']],
    ['cdk', true, ['kept', 'kept']],
    ['cdk', false, ['deleted', 'deleted']],
  ] as const)('what holds data is never replaced silently: %s, retained %s', (target, retain, fates) => {
    const impact = underOtherNames(target, retain);
    expect(impact.map(({ id, action, fate }) => [id, action, fate])).toEqual([
      ['repository', 'replace', fates[0]],
      ['logGroup', 'replace', fates[1]],
    ]);
    expect(refusals(impact).map(({ change }) => change)).toEqual(impact);
    for (const { reason, way } of refusals(impact)) {
      expect(reason).toMatch(/^it holds (images|logs), and /);
      expect(way).toMatch(/^keep it as it is; or /);
    }
  });

  it.each([
    ['terraform', 'update', undefined],
    ['cloudformation', 'replace', 'refused'],
    ['cdk', 'update', undefined],
  ] as const)('what holds data is retained from now on: %s', (target, action, fate) => {
    const impact = compareResources(
      resources(NEWEST, target),
      resources(NEWEST, target, (dev) => {
        dev.retainData = true;
      }),
      target,
    );
    expect(impact.map((change) => [change.id, change.action, change.fate])).toEqual([
      ['repository', action, fate],
      ['logGroup', action, fate],
    ]);
  });

  it.each([
    ['terraform', true, 'orphan', undefined],
    ['terraform', false, 'destroy', 'deleted'],
    ['cloudformation', true, 'orphan', undefined],
    ['cdk', false, 'destroy', 'deleted'],
  ] as const)('data goes if nothing describes it, unless it is retained: %s, %s', (target, retain, action, fate) => {
    const before = resources(NEWEST, target, (dev) => {
      dev.retainData = retain;
    });
    const after = before.filter(({ environment, id }) => environment !== 'dev' || id !== 'logGroup');
    const [change, ...others] = compareResources(before, after, target);
    expect(others).toEqual([]);
    expect([change!.id, change!.action, change!.fate]).toEqual(['logGroup', action, fate]);
    expect(refusals([change!])).toHaveLength(fate ? 1 : 0);
  });

  it('what holds data stays with a layer that the answers no longer have, or have elsewhere', () => {
    const before = resources(NEWEST, 'terraform');
    const without = resources(NEWEST, 'terraform', (_, answers) => {
      delete answers.environments.dev;
    });
    const gone = compareResources(before, without, 'terraform');
    expect(new Set(gone.map(({ environment, action }) => `${environment} ${action}`))).toEqual(new Set(['dev orphan']));
    expect(refusals(gone)).toEqual([]);

    const elsewhere = before.map((resource) =>
      resource.environment === 'dev' ? { ...resource, account: '444455556666' } : resource,
    );
    const moved = compareResources(before, elsewhere, 'terraform');
    expect(new Set(moved.map(({ account, action }) => `${account} ${action}`))).toEqual(
      new Set(['444455556666 create', '111122223333 orphan']),
    );
  });

  it('what holds data is in the way of what is made again in another stack or state', () => {
    const before = resources(NEWEST, 'terraform');
    const after = resources(NEWEST, 'terraform', (_, answers) => {
      answers.state!.keyPrefix = 'other';
    });
    const impact = compareResources(before, after, 'terraform').filter(({ environment }) => environment === 'dev');
    expect(impact.filter(({ action }) => action === 'orphan')).toHaveLength(impact.length / 2);
    const refused = refusals(impact).map(({ change: { action, id } }) => `${action} ${id}`);
    // Each of these has a name of which AWS takes one alone.
    expect(refused).toEqual(expect.arrayContaining(['create repository', 'create service', 'create logGroup']));
    const named = after.filter(({ environment, type }) => environment === 'dev' && factsOf(type).uniqueBy);
    expect(refused).toEqual(named.map(({ id }) => `create ${id}`));
    expect(refusals(impact)[0]!.way).toBe('keep its stack or its state where it is; or destroy what is there first');
  });

  it('anything of a type that this version does not know may hold data', () => {
    const unknown: Resource = { ...resources(NEWEST, 'terraform')[0]!, id: 'files', type: 'fileSystem', key: 'files' };
    const others = resources(NEWEST, 'terraform');
    const gone = compareResources([...others, unknown], others, 'terraform');
    expect(refusals(gone).map(({ reason }) => reason)).toEqual(['it may hold data, and it is deleted']);
    const changed = { ...unknown, properties: { ...unknown.properties, size: 2 } };
    const [change] = compareResources([unknown], [changed], 'terraform');
    expect([change!.action, change!.note]).toEqual([
      'update',
      'this version does not know the type, nor what a change does to it',
    ]);
  });
});

describe('the order of an impact', () => {
  it('the order of an impact is that of promotion, what is shared first, and layers as they are deployed', () => {
    const share = (_: EnvironmentAnswers, answers: Answers) => {
      for (const environment of Object.values(answers.environments)) {
        environment.registry = { scope: 'shared', account: '111122223333', region: 'us-east-1' };
      }
    };
    const impact = compareResources(
      resources('g3b', 'terraform', share),
      resources(NEWEST, 'terraform', share),
      'terraform',
    );
    expect([...new Set(impact.map(({ environment, layer }) => `${environment} ${layer}`))]).toEqual([
      'shared registry',
      'dev service',
      'staging service',
      'production service',
    ]);
  });
});

describe('stored resources', () => {
  const all = resources(NEWEST, 'terraform');

  it('stored resources are read as they were written, a line each', () => {
    const text = formatResources(all);
    expect(parseResources(text)).toEqual(all);
    expect(text.split('\n')).toHaveLength(all.length + 3);
    expect(JSON.parse(text).version).toBe(1);
    expect(formatResources(resources(NEWEST, 'terraform'))).toBe(text);
    expect(parseResources(formatResources([]))).toEqual([]);
  });

  it('stored resources have no value of a secret', () => {
    const text = formatResources(resources('g2c', 'terraform'));
    expect(text).toContain('"secrets":{"MCP_JWT_SECRET":"arn:aws:ssm:');
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '<<<<<<< ours'],
    ['another JSON', '[]'],
    ['null', 'null'],
    ['another version', '{"version":2,"resources":[]}'],
    ['a resource that lacks something', '{"version":1,"resources":[{"environment":"dev"}]}'],
    ['a resource twice', formatResources([all[0]!, all[0]!])],
    ['a depth that no stack has', `{"version":1,"resources":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    [
      'a property of that depth',
      formatResources([{ ...all[0]!, properties: { a: 'DEEP' } }]).replace(
        '"DEEP"',
        `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
      ),
    ],
  ])('no stored resources are read if there is %s', (_, text) => {
    expect(parseResources(text)).toBeUndefined();
  });

  it('reading stored resources never throws, nor does comparing with them', () => {
    const hostile = fc.constantFrom('__proto__', 'constructor', 'toString', 'repository', 'logGroup', 'retain', 'name');
    const resource = fc.record({
      environment: fc.constantFrom('dev', '__proto__'),
      layer: fc.constantFrom('registry', 'service'),
      account: fc.string(),
      region: fc.string(),
      unit: fc.string(),
      id: hostile,
      type: hostile,
      key: fc.string(),
      properties: fc.dictionary(hostile, fc.jsonValue()),
    });
    fc.assert(
      fc.property(fc.array(resource, { maxLength: 4 }), fc.constantFrom(...TARGETS), (stored, target) => {
        const parsed = parseResources(JSON.stringify({ version: 1, resources: stored })) ?? [];
        refusals(compareResources(parsed, all, target));
        refusals(compareResources(all, parsed, target));
        expect(compareResources(parsed, parsed, target)).toEqual([]);
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        parseResources(text);
      }),
    );
  });
});
