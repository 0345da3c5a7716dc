import { type Conventions, type Failure, findDeployable } from '../../src/conventions';
import type { Claims } from './claims';

/** What the catalogue says of a generation, in the suite's words. */
export function claimsOf(id: string): Claims {
  const conventions = findDeployable(id);
  if (!conventions) throw new Error(`The catalogue has no ${id}`);
  const { endpoint, health, environment, auth, sessions, timing, logs } = conventions;
  return {
    port: endpoint.port,
    path: endpoint.path,
    healthPath: health.path,
    fixed: Object.fromEntries(Object.entries(environment.fixed).map(([name, { value }]) => [name, value])),
    required: requiredOf(conventions),
    optional: Object.keys(environment.optional),
    dead: Object.keys(environment.dead),
    dangerous: Object.keys(environment.dangerous),
    anonymous: auth.anonymous,
    garbage: auth.garbage,
    tokenSecret: Object.values(auth.modes).some(({ secret }) => secret) ? TOKEN_SECRET : undefined,
    stateful: sessions.stateful,
    startPeriod: timing.startPeriod,
    stopTimeout: timing.stopTimeout,
    openStream: timing.openStream,
    started: logs.started,
    refused: logs.refused,
  };
}

/** What tokens are signed with, where the server itself checks them. */
const TOKEN_SECRET = 'a secret that only this suite and its server know';

function requiredOf({ environment, auth }: Conventions): Record<string, Failure> {
  const variables = { ...environment.fixed, ...environment.derived };
  const secrets = Object.values(auth.modes).flatMap(({ secret }) => secret ?? []);
  const failures = [
    ...Object.entries(variables).map(([name, { without }]) => [name, without] as const),
    ...secrets.map(({ variable, without }) => [variable, without] as const),
  ];
  return Object.fromEntries(failures.filter((entry): entry is [string, Failure] => entry[1] !== undefined));
}
