import type { Change, Step } from '../conventions';
import type { Deployment } from '../model/deployment';
import { SHARED } from '../model/names';
import type { Impact } from '../resources/impact';
import type { Disagreement } from '../resources/planned-impact';
import { type NetChange, netChanges } from './net-changes';

/** What a repository is for, before or after an upgrade. */
export interface Versions {
  /** Id of the generation. */
  readonly conventions: string;
  /** Version, or tag, of the server's image. */
  readonly image: string;
  /** Version of this package. */
  readonly generator: string;
}

/** Where an impact is known from: the graph that the answers come to, or what the engine says that it would do. */
export type Source = 'graph' | 'plan';

/** What an upgrade did to a repository, and what deploying it will do: all that a report is written from. */
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
  /** What happens to the resources of AWS; null if what was there before is not known. */
  readonly impact: Impact | null;
  /** Where the impact is known from, by environment, what is shared included; the graph, where it is not said. */
  readonly source?: Readonly<Record<string, Source>>;
  /** Why the engine was asked in vain, or could not be, by environment; absent if nobody wanted to. */
  readonly unplanned?: Readonly<Record<string, string>>;
  /** Where the engine plans something else than the graph says. */
  readonly disagreements?: readonly Disagreement[];
  /** Files that the upgrade touched, from the root, and what it did with each in a word, such as `updated`. */
  readonly files: readonly { readonly path: string; readonly change: string }[];
}

const GRAPH: Source = 'graph';

/** Who does what a step changes: its owner by hand; its owner, where it is not part of the repository; or the repository. */
type Doer = 'hand' | 'look' | 'repository';

const DOERS: Readonly<Record<Change['what'], Doer>> = {
  client: 'hand',
  secret: 'hand',
  setting: 'look',
  permission: 'look',
  resource: 'look',
  variable: 'repository',
};

/** What steps come to at once, as far as it is done by somebody. */
export function doneBy(doer: Doer, steps: readonly Step[]): NetChange[] {
  return netChanges(steps).filter(({ change }) => doerOf(change) === doer);
}

/** A new value is made by nobody but its owner, whatever it is of; and a renamed variable may be the owner's own. */
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

/** Environments in the order of promotion; before them what is shared, after them what the answers have no longer. */
export function placesOf({ environments, impact }: UpgradeReport): string[] {
  const met = (impact ?? []).map(({ environment }) => environment);
  const shared = met.includes(SHARED) ? [SHARED] : [];
  return [...new Set([...shared, ...environments, ...met])];
}

export function sourceOf({ source = {} }: UpgradeReport, place: string): Source {
  return Object.hasOwn(source, place) ? source[place]! : GRAPH;
}
