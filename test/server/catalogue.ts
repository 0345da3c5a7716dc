import {
  AUTH_MODES,
  type AuthMode,
  type Deployable,
  findDeployable,
  openStreamOf,
  type WithoutVariable,
} from '../../src/conventions';
import type { Claims } from './claims';
import { SERVER_VERSIONS, type ServerVersion } from './engine';

/** What the catalogue says of a generation, in the suite's words; of the version that a new deployment gets, or of another. */
export function claimsOf(id: string, version = deployable(id).image.defaultVersion): Claims {
  const conventions = deployable(id);
  const { image, endpoint, health, environment, auth, sessions, timing, logs, protocol, defects, otherHosts } =
    conventions;
  return {
    port: endpoint.port,
    path: endpoint.path,
    healthPath: health.path,
    healthPaths: health.all,
    bakes: image.bakes,
    fixed: Object.fromEntries(Object.entries(environment.fixed).map(([name, { value }]) => [name, value])),
    required: requiredOf(conventions),
    optional: Object.keys(environment.optional),
    numbers: numbersOf(conventions),
    dead: Object.keys(environment.dead),
    dangerous: Object.keys(environment.dangerous),
    anonymous: auth.anonymous,
    garbage: auth.garbage,
    tokenSecret: authOf(id).variable && TOKEN_SECRET,
    stateful: sessions.stateful,
    sessionsOff: sessions.off,
    revisions: protocol.revisions,
    otherRevision: protocol.otherRevision,
    otherHosts: otherHosts && Object.fromEntries(otherHosts.map(({ host, off }) => [host, off])),
    defects: defects.flatMap(({ seen }) => seen ?? []),
    startPeriod: timing.startPeriod,
    stopTimeout: timing.stopTimeout,
    openStream: openStreamOf(conventions, version),
    started: logs.started,
    refused: logs.refused,
    misconfigured: logs.misconfigured,
    alarming: logs.alarming,
  };
}

/** The versions that the catalogue says are run here: these are. */
export function versionsOf(id: string): ServerVersion[] {
  const { ranHere } = deployable(id);
  return ranHere.map((version) => {
    if (!(version in SERVER_VERSIONS))
      throw new Error(`${id} says that ${version} is run here, and nothing installs it`);
    return version as ServerVersion;
  });
}

/** How a generation is deployed here: its first mode, and the variable that ECS fills from a secret for it. */
export function authOf(id: string): { readonly mode: AuthMode; readonly variable?: string } {
  const { modes } = deployable(id).auth;
  const mode = AUTH_MODES.find((known) => modes[known])!;
  return { mode, variable: modes[mode]!.secret?.variable };
}

/** Whether an image of our own starts its server with what it lacks. */
export function hasShim(id: string): boolean {
  return deployable(id).image.shim !== undefined;
}

/** What tokens are signed with, where the server itself checks them. */
const TOKEN_SECRET = 'a secret that only this suite and its server know';

function deployable(id: string): Deployable {
  const conventions = findDeployable(id);
  if (!conventions) throw new Error(`The catalogue has no ${id} that can be deployed`);
  return conventions;
}

/** Variables of which it says that a word in one makes the server exit. */
function numbersOf({ environment: { derived, optional } }: Deployable): string[] {
  const all = [...Object.entries(derived), ...Object.entries(optional)];
  return all.filter(([, { meaning }]) => meaning.includes('a word makes the server exit with 1')).map(([name]) => name);
}

function requiredOf({ environment, auth }: Deployable): Record<string, WithoutVariable> {
  const variables = { ...environment.fixed, ...environment.derived };
  const secrets = Object.values(auth.modes).flatMap(({ secret }) => secret ?? []);
  const failures = [
    ...Object.entries(variables).map(([name, { without }]) => [name, without] as const),
    ...secrets.map(({ variable, without }) => [variable, without] as const),
  ];
  return Object.fromEntries(failures.filter((entry): entry is [string, WithoutVariable] => entry[1] !== undefined));
}
