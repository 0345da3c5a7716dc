import {
  type Action,
  DESTROYED_BEFORE,
  described,
  end,
  type Impact,
  isServing,
  KEPT,
  type LayerIdentity,
  layerOf,
  NAME_TAKEN,
  type Outcome,
  RETAINED,
  type ResourceChange,
  replacement,
} from './impact';
import type { Resource } from './resource';
import { factsOf, type Target } from './types';

/** What an engine would do to a resource: `leave` it in AWS and forget it, or `import` what it did not make. */
export type PlannedAction =
  | 'create'
  | 'update'
  | 'replace'
  /** It is told only once something else has changed. */
  | 'perhapsReplace'
  | 'destroy'
  | 'leave'
  | 'import';

/** What an engine would do to one resource. One that stays as it is has none. */
export interface PlannedChange {
  /** The resource's in the model; the engine's own, where the model does not have it. */
  readonly id: string;
  /** What the engine calls its type. */
  readonly type: string;
  /** What the engine tells it by from others. */
  readonly key: string;
  readonly action: PlannedAction;
  /** With `replace`: whether it is destroyed before its successor is made; undefined where that is not said. */
  readonly destroyedFirst?: boolean;
  /** With `replace`: whether what is replaced stays in AWS. */
  readonly keeps?: boolean;
  /** What changes of it, in the engine's words. */
  readonly attributes: readonly string[];
}

/** What an engine would do to a layer; `new` where nothing of it is deployed. */
export interface PlannedLayer {
  readonly environment: string;
  readonly layer: Resource['layer'];
  readonly changes: readonly PlannedChange[] | 'new';
}

/** Where an engine plans something else than the graph of the repository says; null is nothing. */
export interface Disagreement extends Pick<ResourceChange, 'environment' | 'layer' | 'id' | 'type' | 'key'> {
  readonly planned: Action | null;
  readonly expected: Action | null;
}

export interface PlannedImpact {
  readonly impact: Impact;
  readonly disagreements: readonly Disagreement[];
}

/** What is not deployed yet, or not from here: whatever the graph says, nobody relies on it. */
const COMES: readonly PlannedAction[] = ['create', 'import'];
const NOT_OURS = 'its owner added it, or it was there before: the answers do not describe it';
const PERHAPS = 'it is told only at the deployment whether it is replaced';

/**
 * An impact in which the layers that an engine was asked about are as it says. What becomes of a resource, and what that
 * means, is told as by {@link compareResources}; where the engine does something else, that counts, and is listed.
 *
 * @param graph what {@link compareResources} makes of `before` and `after`
 */
export function applyPlans(
  graph: Impact,
  before: readonly Resource[],
  after: readonly Resource[],
  layers: readonly PlannedLayer[],
  target: Target,
): PlannedImpact {
  const planned = layers.map((layer) => planLayer(layer, graph, before, after, target));
  const others = graph.filter((change) => !planned.some(({ covers }) => covers(change)));
  return {
    impact: inOrder([...others, ...planned.flatMap(({ changes }) => changes)], [...after, ...before]),
    disagreements: planned.flatMap(({ disagreements }) => disagreements),
  };
}

/** The changes of one layer, and which others they take the place of: not those of what is deployed elsewhere. */
function planLayer(
  { environment, layer, changes }: PlannedLayer,
  graph: Impact,
  before: readonly Resource[],
  after: readonly Resource[],
  target: Target,
) {
  const now = after.filter((resource) => resource.environment === environment && resource.layer === layer);
  const place = now[0];
  if (!place) {
    throw new Error(`Nothing is described of the ${layer} layer of ${environment}`);
  }
  const covers = (other: LayerIdentity) => layerOf(other) === layerOf(place);
  const old = before.filter(covers);
  const expected = graph.filter(covers);
  const planned = (changes === 'new' ? now.map(creation) : changes).map((change): ResourceChange => {
    const withItsId = ({ id }: { readonly id: string }) => id === change.id;
    const [former, successor, said] = [old.find(withItsId), now.find(withItsId), expected.find(withItsId)];
    const goes = change.action === 'destroy' || change.action === 'leave';
    const known = goes ? (former ?? successor) : (successor ?? former);
    // Of what the graph takes for new, and is there, the type is known.
    const there = former ?? (successor ? { ...successor, properties: {} } : unknown(change, place));
    const outcome = OUTCOMES[change.action](change, said, there, target);
    const isExpected = said?.action === outcome.action;
    return {
      ...described(known ?? unknown(change, place)),
      ...(isExpected && said.formerKey !== undefined ? { formerKey: said.formerKey } : {}),
      properties: isExpected ? said.properties : [],
      serves: !COMES.includes(change.action) && known !== undefined && isServing(known, former ? before : after),
      ...outcome,
      ...(known ? {} : { note: NOT_OURS }),
      attributes: change.attributes,
    };
  });
  const isOurs = ({ id }: ResourceChange) => [...old, ...now].some((resource) => resource.id === id);
  return { covers, changes: planned, disagreements: disagreementsOf(planned.filter(isOurs), expected) };
}

/** A resource of which no more is known than what an engine calls it. */
function unknown(
  { id, type, key }: PlannedChange,
  { environment, layer, account, region, unit }: LayerIdentity,
): Resource {
  return { environment, layer, account, region, unit, id, type, key, properties: {} };
}

function creation({ id, type, key }: Resource): PlannedChange {
  return { id, type, key, action: 'create', attributes: [] };
}

type ToOutcome = (change: PlannedChange, said: ResourceChange | undefined, former: Resource, target: Target) => Outcome;

/** What an engine's change is in the words of an impact; where the graph says the same, with what it knows of that. */
const OUTCOMES: Readonly<Record<PlannedAction, ToOutcome>> = {
  create: (_, said) => same('create', said) ?? { action: 'create' },
  update: (_, said) => same('update', said) ?? { action: 'update' },
  replace: replaced,
  perhapsReplace: (change, said, former, target) =>
    said?.action === 'replace' || said?.action === 'revise'
      ? replaced(change, said, former, target)
      : { action: 'update', note: PERHAPS },
  destroy: (_, said, former, target) => same('destroy', said) ?? end(former, true, target),
  leave: (_, said) => same('orphan', said) ?? { action: 'orphan', note: RETAINED },
  import: (_, said) => same('adopt', said) ?? { action: 'adopt' },
};

function same(action: Action, said: ResourceChange | undefined): Outcome | undefined {
  if (said?.action !== action) return undefined;
  const { fate, note } = said;
  return { action, ...(fate === undefined ? {} : { fate }), ...(note === undefined ? {} : { note }) };
}

function replaced(
  { destroyedFirst, keeps }: PlannedChange,
  said: ResourceChange | undefined,
  { type, properties }: Resource,
  target: Target,
): Outcome {
  if (factsOf(type).revised) {
    return same('revise', said) ?? { action: 'revise' };
  }
  const expected = same('replace', said);
  const isTaken = expected?.note === NAME_TAKEN[target];
  if (keeps) {
    // An engine plans without looking whether a name is taken.
    return isTaken ? expected : { action: 'replace', fate: 'kept', note: KEPT };
  }
  const { note, ...outcome } =
    (isTaken && destroyedFirst ? undefined : expected) ?? replacement(type, properties, target);
  const others = note === DESTROYED_BEFORE && destroyedFirst === false ? undefined : note;
  const text = destroyedFirst ? DESTROYED_BEFORE : others;
  return { ...outcome, ...(text === undefined ? {} : { note: text }) };
}

/** What is planned and not expected, or the other way round. */
function disagreementsOf(changes: Impact, graph: Impact): Disagreement[] {
  const entry = (
    { environment, layer, id, type, key }: ResourceChange,
    planned: Action | null,
    expected: Action | null,
  ) => (planned === expected ? [] : [{ environment, layer, id, type, key, planned, expected }]);
  return [
    ...changes.flatMap((change) =>
      entry(change, change.action, graph.find(({ id }) => id === change.id)?.action ?? null),
    ),
    ...graph
      .filter(({ id }) => !changes.some((change) => change.id === id))
      .flatMap((change) => entry(change, null, change.action)),
  ];
}

/** By environment and layer, in the order of promotion, and within one as the model has them. */
function inOrder(changes: readonly ResourceChange[], resources: readonly Resource[]): ResourceChange[] {
  const environments = [...new Set(resources.map(({ environment }) => environment))];
  const rank = (change: ResourceChange) => {
    const index = resources.findIndex((other) => other.id === change.id && layerOf(other) === layerOf(change));
    return [
      environments.indexOf(change.environment),
      change.layer === 'registry' ? 0 : 1,
      index < 0 ? resources.length : index,
    ];
  };
  return changes
    .map((change) => ({ change, rank: rank(change) }))
    .sort((a, b) => a.rank.map((part, index) => part - b.rank[index]!).find((part) => part !== 0) ?? 0)
    .map(({ change }) => change);
}
