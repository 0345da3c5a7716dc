import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnvironmentAnswers } from '../../../src/config/environment';
import { exampleAnswers } from '../../../src/config/example';
import { type Answers, TARGETS } from '../../../src/config/repository';
import { findDeployable, LATEST } from '../../../src/conventions';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import {
  type Action,
  compareResources,
  DESTROYED_BEFORE,
  type Impact,
  KEPT,
  NAME_TAKEN,
  RETAINED,
  type ResourceChange,
  UNKNOWN,
} from '../../../src/resources/impact';
import {
  applyPlans,
  type PlannedAction,
  type PlannedChange,
  type PlannedLayer,
} from '../../../src/resources/planned-impact';
import { refusals } from '../../../src/resources/refusals';
import type { Resource } from '../../../src/resources/resource';
import { resourcesOf } from '../../../src/resources/resources';
import { runs } from '../../support/level';

type Target = NonNullable<Answers['target']>;
type Change = (dev: EnvironmentAnswers, answers: Answers) => void;

const NEWEST = LATEST.id;

function resources(conventions: string, target: Target, change: Change = () => {}): Resource[] {
  const answers = exampleAnswers(findDeployable(conventions)!, target);
  change(answers.environments.dev!, answers);
  return resourcesOf(resolveDeployment(readConfig(answers, 'test')));
}

const share: Change = (_, answers) => {
  for (const environment of Object.values(answers.environments)) {
    environment.registry = { scope: 'shared', account: '111122223333', region: 'us-east-1' };
  }
};

/** What an engine says where it does what a graph says. */
const PLANNED: Readonly<Record<Action, PlannedAction>> = {
  create: 'create',
  update: 'update',
  revise: 'replace',
  replace: 'replace',
  destroy: 'destroy',
  orphan: 'leave',
  adopt: 'import',
};

function asPlanned({ id, type, key, action, fate, note }: ResourceChange, target: Target): PlannedChange {
  const replaces = PLANNED[action] === 'replace';
  return {
    id,
    type: `engine's ${type}`,
    key: `engine's ${key}`,
    action: PLANNED[action],
    ...(replaces && target === 'terraform' ? { destroyedFirst: note === DESTROYED_BEFORE } : {}),
    ...(replaces && fate === 'kept' ? { keeps: true } : {}),
    attributes: ['attribute'],
  };
}

/** The layers of some resources, with what a graph says of each; what is not in them stays as the graph has it. */
function layersOf(after: readonly Resource[], graph: Impact, target: Target): PlannedLayer[] {
  const places = new Map(after.map((resource) => [`${resource.environment} ${resource.layer}`, resource]));
  return [...places.values()].map(({ environment, layer, account, region, unit }) => ({
    environment,
    layer,
    changes: graph
      .filter((change) => [change.environment, change.layer].join() === [environment, layer].join())
      .filter((change) => [change.account, change.region, change.unit].join() === [account, region, unit].join())
      .map((change) => asPlanned(change, target)),
  }));
}

const withoutAttributes = ({ attributes: _attributes, ...change }: ResourceChange) => change;
const line = ({ id, action, fate }: ResourceChange) => [id, action, fate].filter(Boolean).join(' ');

describe('a plan that does what the graph says', () => {
  const change = fc.record({
    conventions: fc.constantFrom('g1a', 'g2c', 'g3b', NEWEST),
    origins: fc.subarray(['https://a.example.com', 'https://b.example.com', 'https://c.example.com']),
    desired: fc.constantFrom(0, 1),
    retainData: fc.boolean(),
    clusterName: fc.constantFrom('a', 'b'),
    account: fc.constantFrom('111122223333', '444455556666'),
    shared: fc.boolean(),
    without: fc.boolean(),
  });
  type Described = typeof change extends fc.Arbitrary<infer T> ? T : never;
  const described = (
    target: Target,
    { conventions, origins, desired, retainData, clusterName, account, shared, without }: Described,
  ) =>
    resources(conventions, target, (dev, answers) => {
      if (shared) share(dev, answers);
      dev.cors = { allowedOrigins: origins };
      dev.capacity = { ...dev.capacity, desired };
      dev.retainData = retainData;
      dev.network.clusterName = clusterName;
      dev.account = account;
      dev.network.listenerArn = dev.network.listenerArn.replace(/\d{12}/, account);
      if (dev.auth?.secretArn) dev.auth.secretArn = dev.auth.secretArn.replace(/\d{12}/, account);
      if (without) delete answers.environments.staging;
    });

  it.each(TARGETS)('a plan that does what the graph says comes to the same, and disagrees nowhere: %s', (target) => {
    fc.assert(
      fc.property(change, change, fc.infiniteStream(fc.boolean()), (a, b, stream) => {
        const [before, after] = [described(target, a), described(target, b)];
        const graph = compareResources(before, after, target);
        const layers = layersOf(after, graph, target).filter(() => stream.next().value);
        const { impact, disagreements } = applyPlans(graph, before, after, layers, target);
        expect(impact.map(withoutAttributes)).toEqual(graph);
        expect(disagreements).toEqual([]);
        expect(refusals(impact).map(({ change: { id }, reason }) => [id, reason])).toEqual(
          refusals(graph).map(({ change: { id }, reason }) => [id, reason]),
        );
        const isPlanned = ({ environment, layer }: ResourceChange) =>
          layers.some((planned) => planned.environment === environment && planned.layer === layer);
        // What stays behind elsewhere, no plan of the layer knows of.
        for (const { attributes, ...place } of impact.filter(({ action }) => action !== 'orphan')) {
          expect(attributes).toEqual(isPlanned(place) ? ['attribute'] : undefined);
        }
      }),
      { numRuns: runs(40) },
    );
  });

  it('a plan that does what the graph says is in the same order, whatever order the engine has', () => {
    const target = 'cloudformation';
    const [before, after] = [resources('g1a', target, share), resources(NEWEST, target, share)];
    const graph = compareResources(before, after, target);
    const layers = layersOf(after, graph, target);
    const reversed = [...layers].reverse().map((layer) => ({
      ...layer,
      changes: [...(layer.changes as readonly PlannedChange[])].reverse(),
    }));
    const { impact } = applyPlans(graph, before, after, reversed, target);
    expect(impact.map(withoutAttributes)).toEqual(graph);
  });
});

/** Applies a plan of the first environment's service, in which nothing else happens. */
function plan(
  changes: PlannedLayer['changes'],
  {
    target = 'terraform',
    before = resources(NEWEST, target),
    after = before,
  }: { target?: Target; before?: readonly Resource[]; after?: readonly Resource[] } = {},
) {
  const graph = compareResources(before, after, target);
  return applyPlans(graph, before, after, [{ environment: 'dev', layer: 'service', changes }], target);
}

const planned = (id: string, action: PlannedAction, more: Partial<PlannedChange> = {}): PlannedChange => ({
  id,
  type: 'aws_thing',
  key: `module.mcp_server.${id}`,
  action,
  attributes: ['name'],
  ...more,
});

const retaining: Change = (dev) => {
  dev.retainData = true;
};

describe('a layer that is new', () => {
  it('a layer that is new is made, all of it, and nobody relies on it', () => {
    const after = resources(NEWEST, 'cdk');
    const { impact, disagreements } = plan('new', { target: 'cdk' });
    const own = after.filter(({ environment, layer }) => environment === 'dev' && layer === 'service');
    expect(impact.map(line)).toEqual(own.map(({ id }) => `${id} create`));
    expect(impact.map(({ key }) => key)).toEqual(own.map(({ key }) => key));
    expect(impact.filter(({ serves }) => serves)).toEqual([]);
    expect(refusals(impact)).toEqual([]);
    // The repository describes it, and nothing changes of that.
    expect(disagreements.map(({ id, planned: found, expected }) => [id, found, expected])).toEqual(
      own.map(({ id }) => [id, 'create', null]),
    );
  });

  it('a layer that is new disagrees with nothing if the graph has it as new, too', () => {
    const after = resources(NEWEST, 'cdk');
    const before = after.filter(({ environment }) => environment !== 'dev');
    const { impact, disagreements } = plan('new', { target: 'cdk', before, after });
    expect(disagreements).toEqual([]);
    expect(impact.map(withoutAttributes)).toEqual(compareResources(before, after, 'cdk'));
  });

  it('a layer that is new keeps what the graph knows: its name is taken by what stays behind elsewhere', () => {
    const before = resources(NEWEST, 'terraform');
    const after = resources(NEWEST, 'terraform', (_, answers) => {
      answers.state!.keyPrefix = 'other';
    });
    const { impact, disagreements } = plan('new', { before, after });
    expect(disagreements).toEqual([]);
    expect(impact.map(line)).toEqual(compareResources(before, after, 'terraform').map(line));
    expect(impact.map(line)).toContain('logGroup create refused');
    expect(impact.map(line)).toContain('logGroup orphan');
  });
});

describe('where a plan is not what the graph says', () => {
  const before = resources('g2c', 'terraform');
  const after = resources(NEWEST, 'terraform');
  const graph = compareResources(before, after, 'terraform').filter(
    ({ environment, layer }) => environment === 'dev' && layer === 'service',
  );

  it('if a plan is not what the graph says, the plan counts, and both are listed', () => {
    const { impact, disagreements } = plan([planned('targetGroup', 'replace', { destroyedFirst: false })], {
      before,
      after,
    });
    const own = impact.filter(({ environment, layer }) => environment === 'dev' && layer === 'service');
    expect(own.map(line)).toEqual(['targetGroup replace deleted']);
    expect(own[0]).toMatchObject({ type: 'targetGroup', key: 'quilt-mcp-server-dev', properties: [], serves: true });
    expect(own[0]!.attributes).toEqual(['name']);
    expect(refusals(own).map(({ reason }) => reason)).toEqual(['requests of clients go through it, and it is deleted']);
    expect(disagreements[0]).toMatchObject({ id: 'targetGroup', planned: 'replace', expected: null });
    expect(disagreements.slice(1).map(({ id, planned: found, expected }) => [id, found, expected])).toEqual(
      graph.map(({ id, action }) => [id, null, action]),
    );
    for (const { environment, layer } of disagreements) expect([environment, layer]).toEqual(['dev', 'service']);
  });

  it('if a plan has nothing to do, nothing is planned, whatever the graph says', () => {
    const { impact, disagreements } = plan([], { before, after });
    expect(impact.some(({ environment, layer }) => environment === 'dev' && layer === 'service')).toBe(false);
    expect(disagreements).toHaveLength(graph.length);
    expect(impact.some(({ environment, layer }) => environment === 'dev' && layer === 'registry')).toBe(true);
    expect(impact.some(({ environment }) => environment === 'staging')).toBe(true);
  });

  it('what somebody changed elsewhere is put right by a plan, whatever the graph says', () => {
    const { impact, disagreements } = plan([planned('securityGroup', 'update')]);
    expect(impact.map(line)).toEqual(['securityGroup update']);
    expect(disagreements).toMatchObject([{ id: 'securityGroup', planned: 'update', expected: null }]);
  });

  it('what the owner added is no disagreement of a plan with the graph, and may hold data', () => {
    const own = [
      planned('aws_s3_bucket.own', 'create'),
      planned('aws_efs_file_system.own', 'destroy'),
      planned('aws_dynamodb_table.own', 'replace', { destroyedFirst: true }),
    ];
    const { impact, disagreements } = plan(own);
    expect(disagreements).toEqual([]);
    expect(impact.map(line)).toEqual([
      'aws_s3_bucket.own create',
      'aws_efs_file_system.own destroy deleted',
      'aws_dynamodb_table.own replace deleted',
    ]);
    expect(new Set(impact.map(({ note }) => note)).size).toBe(1);
    expect(impact[0]).toMatchObject({
      type: 'aws_thing',
      environment: 'dev',
      layer: 'service',
      account: '111122223333',
    });
    expect(refusals(impact).map(({ change: { id }, reason }) => `${id}: ${reason}`)).toEqual([
      'aws_efs_file_system.own: it may hold data, and it is deleted',
      'aws_dynamodb_table.own: it may hold data, and it is deleted',
    ]);
  });

  it('no layer is planned that nobody describes', () => {
    const layer: PlannedLayer = { environment: 'gone', layer: 'service', changes: [] };
    expect(() => applyPlans([], after, after, [layer], 'terraform')).toThrow('the service layer of gone');
  });
});

describe('what becomes of one resource', () => {
  const LOGS = resources(NEWEST, 'terraform', retaining);

  it.each<[string, PlannedChange, object]>([
    ['made though it was described', planned('logGroup', 'create'), { action: 'create', serves: false }],
    ['made though it served', planned('service', 'create'), { action: 'create', serves: false }],
    ['changed', planned('service', 'update'), { action: 'update', serves: true }],
    ['taken over', planned('logGroup', 'import'), { action: 'adopt' }],
    ['left', planned('logGroup', 'leave'), { action: 'orphan', note: RETAINED }],
    ['destroyed', planned('taskRole', 'destroy'), { action: 'destroy', fate: 'deleted' }],
    ['revised', planned('taskDefinition', 'replace', { destroyedFirst: true }), { action: 'revise' }],
    [
      'replaced, and its place is empty meanwhile',
      planned('securityGroup', 'replace', { destroyedFirst: true }),
      { action: 'replace', fate: 'deleted', note: DESTROYED_BEFORE },
    ],
    [
      'replaced, and its place is never empty',
      planned('listenerRule', 'replace', { destroyedFirst: false }),
      { action: 'replace', fate: 'deleted' },
    ],
    [
      'replaced, and kept',
      planned('logGroup', 'replace', { keeps: true }),
      { action: 'replace', fate: 'kept', note: KEPT },
    ],
  ])('what becomes of a planned resource is told if it is %s', (_, change, expected) => {
    const { impact } = plan([change]);
    const { action, fate, note } = impact[0]!;
    expect({ action, fate, note }).toEqual({
      action: undefined,
      fate: undefined,
      note: undefined,
      ...Object.fromEntries(Object.entries(expected).filter(([name]) => name !== 'serves')),
    });
    expect(impact).toMatchObject([expected]);
  });

  it.each<[PlannedAction, string]>([
    ['destroy', 'logGroup orphan'],
    ['replace', 'logGroup replace kept'],
  ])('a planned resource is kept if its target keeps it, though Terraform says %s', (action, expected) => {
    const { impact } = plan([planned('logGroup', action)], { before: LOGS });
    expect(impact.map(line)).toEqual([expected]);
  });

  it('a planned task definition is a new revision, and no more, if nothing tells what was there before', () => {
    const after = resources(NEWEST, 'terraform');
    const before = after.filter(({ id }) => !['taskDefinition', 'targetGroup'].includes(id));
    const changes = [
      planned('taskDefinition', 'replace'),
      planned('targetGroup', 'replace', { destroyedFirst: false }),
    ];
    const { impact } = plan(changes, { before: before, after });
    const own = impact.filter(({ environment }) => environment === 'dev');
    expect(own.map(line)).toEqual(['taskDefinition revise', 'targetGroup replace deleted']);
    // It is there, so it serves, whatever the graph took it for.
    expect(refusals(own).map(({ change: { id } }) => id)).toEqual(['targetGroup']);
  });

  it('a planned resource goes with what the graph knows if both say the same', () => {
    const before = resources('g1a', 'terraform');
    const after = resources(NEWEST, 'terraform');
    const { impact } = plan([planned('targetGroup', 'update')], { before, after });
    const group = impact.find(({ environment, id }) => environment === 'dev' && id === 'targetGroup')!;
    expect(group.properties).toContain('healthCheckPath');
    expect(group.note).toMatch(/^the tasks that run are asked by the new path at once/);
  });

  it('a planned resource tells what it was called, if the graph says that it is replaced', () => {
    const before = resources(NEWEST, 'terraform');
    const after = before.map((resource) => (resource.id === 'targetGroup' ? renamed(resource) : resource));
    const group = (action: PlannedAction) =>
      plan([planned('targetGroup', action, { destroyedFirst: false })], { before, after }).impact[0]!;
    expect([group('replace').formerKey, group('replace').key]).toEqual([
      'quilt-mcp-server-dev',
      'other-mcp-server-dev',
    ]);
    expect(group('update').formerKey).toBeUndefined();
    expect(group('destroy').key).toBe('quilt-mcp-server-dev');
  });

  it('a planned resource may be of a type that this version does not know', () => {
    const unknown: Resource = {
      ...LOGS.find(({ environment, layer }) => environment === 'dev' && layer === 'service')!,
      id: 'files',
      type: 'fileSystem',
      key: 'files',
    };
    const { impact } = plan([planned('files', 'destroy')], { before: [...LOGS, unknown], after: LOGS });
    expect(impact).toMatchObject([{ id: 'files', action: 'destroy', fate: 'deleted', note: UNKNOWN, holdsData: true }]);
  });
});

describe('what is perhaps replaced', () => {
  const before = resources(NEWEST, 'cloudformation');
  const changed = (change: Change) => resources(NEWEST, 'cloudformation', change);
  const perhaps = (id: string, after: readonly Resource[], more: Partial<PlannedChange> = {}) => {
    const { impact, disagreements } = plan([planned(id, 'perhapsReplace', more)], {
      target: 'cloudformation',
      before,
      after,
    });
    const change = impact.find((found) => found.environment === 'dev' && found.id === id)!;
    return { line: line(change), note: change.note, said: disagreements.filter((found) => found.id === id) };
  };

  it('what is perhaps replaced is changed, with a word of doubt, if the graph does not say that it is replaced', () => {
    expect(perhaps('securityGroup', before)).toMatchObject({
      line: 'securityGroup update',
      note: 'it is told only at the deployment whether it is replaced',
      said: [{ planned: 'update', expected: null }],
    });
    const more = changed((dev) => {
      dev.logs = { retention: 90 };
    });
    expect(perhaps('logGroup', more)).toMatchObject({ line: 'logGroup update', said: [] });
  });

  it('what is perhaps replaced is replaced, or revised, if the graph says so', () => {
    const other = changed((dev) => {
      dev.network.clusterName = 'other';
    });
    expect(perhaps('service', other)).toMatchObject({ line: 'service replace deleted', note: undefined, said: [] });
    const task = changed((dev) => {
      dev.capacity = { ...dev.capacity, memory: 2048 };
    });
    expect(perhaps('taskDefinition', task)).toMatchObject({ line: 'taskDefinition revise', note: undefined, said: [] });
  });
});

describe('a name that is taken', () => {
  const before = resources(NEWEST, 'cloudformation', retaining);
  const after = resources(NEWEST, 'cloudformation');

  it.each([
    [before, after, true],
    [after, before, false],
  ])('a name that is taken stops the deployment, also if the engine keeps what has it: %#', (a, b, keeps) => {
    const change = planned('logGroup', 'replace', keeps ? { keeps } : {});
    const { impact } = plan([change], { target: 'cloudformation', before: a, after: b });
    const group = impact.find(({ environment, id }) => environment === 'dev' && id === 'logGroup')!;
    expect([line(group), group.note]).toEqual(['logGroup replace refused', NAME_TAKEN.cloudformation]);
  });

  it('a name that is taken is free if what has it is destroyed first', () => {
    const old = resources(NEWEST, 'terraform');
    const now = old.map((resource) =>
      resource.id === 'securityGroup'
        ? { ...resource, properties: { ...resource.properties, description: 'another' } }
        : resource,
    );
    expect(compareResources(old, now, 'terraform').map(line)).toContain('securityGroup replace refused');
    const { impact } = plan([planned('securityGroup', 'replace', { destroyedFirst: true })], {
      before: old,
      after: now,
    });
    expect([line(impact[0]!), impact[0]!.note]).toEqual(['securityGroup replace deleted', DESTROYED_BEFORE]);
  });
});

/** The same under another name, as one that is not generated from the answers. */
function renamed(resource: Resource): Resource {
  return {
    ...(JSON.parse(JSON.stringify(resource).replaceAll('quilt-mcp-server', 'other-mcp-server')) as Resource),
    unit: resource.unit,
  };
}
