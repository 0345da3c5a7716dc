import { isAlternative, LATEST } from '.';
import type { Change, Conventions, Step, VariableSource, WithoutVariable } from './schema';

/** Labels of the catalogue's values for a person, in a terminal or on a page. */

export type Status = 'default' | 'emitted' | 'unsafe' | 'recognised' | 'alternative';

/** Meaning of each status for a deployment. */
export const STATUS: Readonly<Record<Status, string>> = {
  default: 'what a new deployment gets',
  emitted: 'what a deployment gets that names it',
  unsafe: 'what only a deployment gets that names it, with a warning',
  recognised: 'known, and never emitted',
  alternative: 'what somebody may have in place of a deployment, and the way out of one',
};

/** Status of a generation. */
export function statusOf({ id, support }: Conventions): Status {
  return id === LATEST.id ? 'default' : support.kind;
}

/** Title of a step on the way that it takes: `From g3b to g3c`, or `Another way out, from g3c to g4`. */
export function stepTitle({ from, to }: Step): string {
  return isAlternative(to) ? `Another way out, from ${from} to ${to}` : `From ${from} to ${to}`;
}

/** Reason why a generation is not emitted, and the alternative; empty if it is emitted. */
export function whyNot({ support }: Conventions): string {
  return 'instead' in support ? `${support.why}; ${support.instead}` : '';
}

/** Versions of the server, as npm writes a range: `>=0.17.1 <0.22.0`, or `none`. */
export function versionRange(versions: Conventions['versions']): string {
  if (versions === null) {
    return 'none';
  }
  return versions.below === undefined ? `>=${versions.from}` : `>=${versions.from} <${versions.below}`;
}

/** `2026-02-11 to 2026-11-20`, `2026-01-28` for one day, or `since 2026-11-21`. */
export function dateRange({ from, to }: Conventions['dates']): string {
  if (to === undefined) {
    return `since ${from}`;
  }
  return from === to ? from : `${from} to ${to}`;
}

/** Evidence for the facts of a generation. */
export function evidence({ ranHere }: Conventions): string {
  return ranHere.length === 0
    ? 'from documents and source, not run here'
    : `run here: version${ranHere.length === 1 ? '' : 's'} ${ranHere.join(', ')}`;
}

/** The failure of a server without a variable. */
export function failure(without: WithoutVariable): string {
  switch (without.fails) {
    case 'exit':
      return `the server exits with ${without.code} and logs: ${without.log}`;
    case 'open':
      return 'the server starts, and lets everybody in';
    case 'forgeable':
      return `the server starts, takes tokens that are signed with a secret from its public source, and logs: ${without.log}`;
  }
}

/** The answer of an environment that a derived variable is made from. */
export const ANSWER_OF: Readonly<Record<VariableSource, string>> = {
  catalogUrl: 'catalogUrl',
  registryUrl: 'registryUrl',
  region: 'region',
  serviceTimeout: 'network.albIdleTimeout',
  environment: 'environment',
};

type PermissionSubject = Conventions['iam']['taskRole'][number]['on'];

/** Labels of the resources that a statement of a role may refer to. */
export const RESOURCES: Readonly<Record<PermissionSubject, string>> = {
  everything: 'everything',
  repository: 'the ECR repository',
  logGroup: 'the log group',
  secrets: 'the secrets of Secrets Manager that the task definition names',
  parameters: 'the SSM parameters that the task definition names',
};

/** Whether an image has curl in it. */
export function hasCurl(image: Conventions['image']): string {
  return image.hasCurl === null ? 'not known' : image.hasCurl ? 'is in it' : 'is not in it';
}

/** Effect of SIGTERM on a server with an open stream to a client. */
export const OPEN_STREAM: Readonly<Record<NonNullable<Conventions['timing']>['openStream'], string>> = {
  ends: 'ends, and the server with it',
  hangs: 'hangs, until SIGKILL ends the server',
};

/** The same for all versions of a generation, of which the first may do otherwise. */
export function openStream({ openStream: now, earlier }: NonNullable<Conventions['timing']>): string {
  const before = earlier && `; below ${earlier.below} it ${OPEN_STREAM[earlier.openStream]}: ${earlier.why}`;
  return `${OPEN_STREAM[now]}${before ?? ''}`;
}

/** A host that a server connects to, with the reason and the setting that stops it. */
export function otherHostText({ host, why, off }: NonNullable<Conventions['otherHosts']>[number]): string {
  return `${host}: ${why}${off ? `, unless ${off.variable}=${off.value}` : ''}`;
}

/** Words about other hosts if there are none, and if nobody has looked. */
export const NO_OTHER_HOSTS = 'None.';
export const NOBODY_LOOKED = 'Not known.';

/** The basis of a shim, and which deployments get it. */
export function shimBuildsOn({ module, serves, byDefault }: NonNullable<Conventions['image']['shim']>): string {
  const who = byDefault
    ? 'a deployment gets it that does not say otherwise'
    : 'only a deployment gets it that asks for it';
  return `starts main of ${module}, and takes the place of ${serves}; ${who}`;
}

/** Occasions of a line in the log. */
export const LOG_LINES: Readonly<Record<keyof Conventions['logs'], string>> = {
  started: 'at every start',
  misconfigured: 'where a setting is missing or wrong',
  refused: 'where a token is refused, one of',
  alarming: 'where something is very wrong',
};

/** A change in short: `change variable NAME`, `rename setting A to B`. */
export function changeTitle(change: Change): string {
  const { kind, what, name } = change;
  return kind === 'rename' ? `${kind} ${what} ${name} to ${change.to}` : `${kind} ${what} ${name}`;
}

/** Text for sessions, size and timing of a generation without them. */
export const NO_TASK = 'No task of ours runs.';

/** `a`, `a and b`, `a, b and c`. */
export function enumerate(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** The text with a full stop, if it has no end of a sentence. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
