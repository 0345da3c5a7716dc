import { describeValue, type Problem } from '../../config/problem';
import { AUTH_MODES } from '../../conventions';
import { ORIGINS_VARIABLE } from '../image';
import { looseObject, ownValue, type Subject } from '../unchecked';
import { secretByName } from './plain-secrets';

export function authModeExists({ path, environment, conventions }: Subject): Problem[] {
  const { mode: given, secretArn } = looseObject<{ mode: string; secretArn: string }>(environment.auth);
  const mode = AUTH_MODES.find((known) => known === (given ?? 'bearer'));
  if (!mode) {
    return [];
  }
  const { modes } = conventions.auth;
  const place = `${path}.auth`;
  if (!modes[mode]) {
    const [[only, { meaning }]] = Object.entries(modes) as [[string, { meaning: string }]];
    const message = `conventions ${conventions.id} have ${Object.keys(modes).join(', ')}: ${meaning}`;
    return [
      { path: `${place}.mode`, found: describeValue(given), message: given ? message : `must be ${only}: ${message}` },
    ];
  }
  const { secret } = modes[mode];
  if (secret && secretArn === undefined) {
    const message = `is missing: ECS fills ${secret.variable} from it (${secret.meaning}); give the ARN of a secret or SSM parameter`;
    return [{ path: `${place}.secretArn`, message }];
  }
  return !secret && secretArn !== undefined
    ? [
        {
          path: `${place}.secretArn`,
          found: describeValue(secretArn),
          message: `mode ${mode} has no secret; remove it`,
        },
      ]
    : [];
}

/** A session in the memory of one task is unknown to the others. */
export function sessionsStay({ path, environment, conventions }: Subject): Problem[] {
  const { stateful, off, why } = conventions.sessions;
  const { stickiness } = looseObject<{ stickiness: boolean }>(environment.routing);
  const { desired = 2 } = looseObject<{ desired: number }>(environment.capacity);
  const isOff =
    off !== undefined && looseObject<Record<string, string>>(environment.environment)[off.variable] === off.value;
  if ((!stateful || isOff) && stickiness === true) {
    return [
      { path: `${path}.routing.stickiness`, found: 'true', message: `has no use: ${isOff ? 'sessions are off' : why}` },
    ];
  }
  if (!stateful || isOff || stickiness === true || typeof desired !== 'number' || desired <= 1) {
    return [];
  }
  const remedies = [
    'one task',
    'routing.stickiness',
    ...(off ? [`${off.variable}=${off.value} under environment`] : []),
  ];
  const message = `conventions ${conventions.id} keep sessions: ${why}; take ${remedies.join(', or ')}`;
  return [{ path: `${path}.capacity.desired`, found: String(desired), message }];
}

export function variablesAreAllowed(subject: Subject): Problem[] {
  const { path, environment, conventions } = subject;
  const { fixed, derived, dead, dangerous } = conventions.environment;
  const { mode = 'bearer' } = looseObject<{ mode: string }>(environment.auth);
  const secret = AUTH_MODES.map((known) =>
    known === mode ? conventions.auth.modes[known]?.secret?.variable : undefined,
  );
  const reasonAgainst = (name: string, kind: 'environment' | 'secrets'): string | undefined => {
    const source = ownValue(derived, name)?.from;
    const value = ownValue(fixed, name)?.value;
    return (
      ownValue(dangerous, name) ??
      ownValue(dead, name) ??
      (value && `the generator sets it to ${value}`) ??
      (name === ORIGINS_VARIABLE ? 'the generator derives it from cors.allowedOrigins' : undefined) ??
      (secret.includes(name) ? 'it is a secret: give its ARN as auth.secretArn' : undefined) ??
      (source && (source !== 'environment' || kind === 'secrets')
        ? 'the generator derives it from other answers'
        : undefined)
    );
  };
  const refuse = (kind: 'environment' | 'secrets') =>
    Object.keys(looseObject(environment[kind])).flatMap((name): Problem[] => {
      const reason = reasonAgainst(name, kind);
      const secret = kind === 'environment' && reason === undefined ? secretByName(name, subject) : undefined;
      const message = reason === undefined ? secret : `must not be set: ${reason}`;
      return message ? [{ path: `${path}.${kind}.${name}`, message }] : [];
    });
  const both = Object.keys(looseObject(environment.environment))
    .filter((name) => Object.hasOwn(looseObject(environment.secrets), name))
    .map((name) => ({ path: `${path}.secrets.${name}`, message: 'is set by environment too; keep one of the two' }));
  return [...refuse('environment'), ...refuse('secrets'), ...both];
}

/** Variables that the server does not start without, and that only the owner knows. */
export function variablesAreThere({ path, environment, conventions }: Subject): Problem[] {
  return Object.entries(conventions.environment.derived)
    .filter(([name, { from }]) => from === 'environment' && !Object.hasOwn(looseObject(environment.environment), name))
    .map(([name, { meaning }]) => ({
      path: `${path}.environment.${name}`,
      message: `is missing: conventions ${conventions.id} require it: ${meaning}`,
    }));
}
