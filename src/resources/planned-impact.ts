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

/**
 * An engine's action on a resource: `leave` keeps it in AWS and forgets it, `import` takes over one that the engine did
 * not make.
 */
export type PlannedAction =
  | 'create'
  | 'update'
  | 'replace'
  /** It is told only once something else has changed. */
  | 'perhapsReplace'
  | 'destroy'
  | 'leave'
  | 'import';

/** An engine's planned change of one resource. An unchanged resource has none. */
export interface PlannedChange {
  /** The resource's id in the model; the engine's own, if the model does not have it. */
  readonly id: string;
  /** The engine's name of its type. */
  readonly type: string;
  /** The engine's key of the resource. */
  readonly key: string;
  readonly action: PlannedAction;
  /** With `replace`: whether it is destroyed before its successor is made; undefined if unknown. */
  readonly destroyedFirst?: boolean;
  /** With `replace`: whether the replaced resource stays in AWS. */
  readonly keeps?: boolean;
  /** Changed attributes, in the engine's words. */
  readonly attributes: readonly string[];
}

/** An engine's plan of a layer; `new` if nothing of it is deployed. */
export interface PlannedLayer {
  readonly environment: string;
  readonly layer: Resource['layer'];
  readonly changes: readonly PlannedChange[] | 'new';
}

/** A resource for which the engine's plan and the resource graph differ; null means no change. */
export interface Disagreement extends Pick<ResourceChange, 'environment' | 'layer' | 'id' | 'type' | 'key'> {
  readonly planned: Action | null;
  readonly expected: Action | null;
}

export interface PlannedImpact {
  readonly impact: Impact;
  readonly disagreements: readonly Disagreement[];
}

/** Actions on a resource that is not deployed yet, or not from here: nobody relies on it, whatever the graph says. */
const COMES: readonly PlannedAction[] = ['create', 'import'];
const NOT_OURS = 'its owner added it, or it was there before: the answers do not describe it';
const PERHAPS = 'it is told only at the deployment whether it is replaced';

/**
 * Puts an engine's plans in the place of the graph's changes, for the layers that were planned. The outcomes are
 * described as by {@link compareResources}; if the engine does something else, that counts, and is listed.
 *
 * @param graph changes from {@link compareResources} for `before` and `after`
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

/** Changes of one layer, and which of the graph's they replace: not those of a layer deployed elsewhere. */
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
    // A resource that is new by the graph but exists has a known type.
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

/** A resource of which only the engine's names are known. */
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

/** Outcome of an engine's change; with the graph's details if the graph has the same action. */
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

/** Planned changes that are not in the graph, and the other way round. */
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
