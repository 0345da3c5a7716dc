import type { Change, Step } from '../conventions';
import type { Deployment } from '../model/deployment';
import { SHARED } from '../model/names';
import type { Impact } from '../resources/impact';
import type { Disagreement } from '../resources/planned-impact';
import { type NetChange, netChanges } from './net-changes';

/** Versions of a repository, before or after an upgrade. */
export interface Versions {
  /** Id of the generation. */
  readonly conventions: string;
  /** Version, or tag, of the server's image. */
  readonly image: string;
  /** Version of this package. */
  readonly generator: string;
}

/** Source of an impact: the resource graph, or the engine's plan. */
export type ImpactSource = 'graph' | 'plan';

/** All data of an upgrade's report: the changes of the repository, and those of its deployment. */
export interface UpgradeReport {
  /** Day of the upgrade, as 2026-11-21. */
  readonly date: string;
  readonly target: Deployment['target'];
  readonly from: Versions;
  readonly to: Versions;
  /** Names of the environments, in the order of promotion. */
  readonly environments: readonly string[];
  /** The steps from one generation to the other, in order; none if they are the same. */
  readonly steps: readonly Step[];
  /** Answers that the upgrade changed, each in one line with the reason. */
  readonly answers: readonly string[];
  /** Warnings of the answers as they are now, each in one line. */
  readonly warnings: readonly string[];
  /** Changes of the AWS resources; null if the former resources are unknown. */
  readonly impact: Impact | null;
  /** Source of the impact, by environment and {@link SHARED}; the graph if absent. */
  readonly source?: Readonly<Record<string, ImpactSource>>;
  /** Reason why the engine gave no plan, by environment; absent if nobody asked. */
  readonly unplanned?: Readonly<Record<string, string>>;
  /** Resources for which the engine's plan and the graph differ. */
  readonly disagreements?: readonly Disagreement[];
  /** Files that the upgrade changed, from the root, and the change in a word, such as `updated`. */
  readonly files: readonly { readonly path: string; readonly change: string }[];
}

const GRAPH: ImpactSource = 'graph';

/**
 * The doer of a step's change: the owner by hand; the owner, if it is not part of the repository; or the
 * repository.
 */
type Doer = 'hand' | 'look' | 'repository';

const DOERS: Readonly<Record<Change['what'], Doer>> = {
  client: 'hand',
  secret: 'hand',
  setting: 'look',
  permission: 'look',
  resource: 'look',
  variable: 'repository',
};

/** The sum of steps, as far as somebody carries it out. */
export function doneBy(doer: Doer, steps: readonly Step[]): NetChange[] {
  return netChanges(steps).filter(({ change }) => doerOf(change) === doer);
}

/** A new value of a secret can only come from its owner; and a renamed variable may be the owner's own. */
function doerOf({ kind, what }: Change): Doer {
  return kind === 'rotate' ? 'hand' : kind === 'rename' && what === 'variable' ? 'look' : DOERS[what];
}

/** The steps on the way to which nobody stays, but for the last. */
export function notDeployed(steps: readonly Step[]): Step[] {
  return steps.slice(0, -1).filter(({ noRest }) => noRest !== undefined);
}

/** Ids of the generations on the way, both ends included. */
export function pathOf({ from, to, steps }: UpgradeReport): string[] {
  return [...new Set([from.conventions, ...steps.map((step) => step.to), to.conventions])];
}

/**
 * Environments in the order of promotion; before them the shared registry, after them those that the answers no longer
 * have.
 */
export function placesOf({ environments, impact }: UpgradeReport): string[] {
  const met = (impact ?? []).map(({ environment }) => environment);
  const shared = met.includes(SHARED) ? [SHARED] : [];
  return [...new Set([...shared, ...environments, ...met])];
}

export function sourceOf({ source = {} }: UpgradeReport, place: string): ImpactSource {
  return Object.hasOwn(source, place) ? source[place]! : GRAPH;
}
