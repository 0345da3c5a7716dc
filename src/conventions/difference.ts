import { ANSWER_OF, failure, hasCurl, LOG_LINES, openStream, RESOURCES, shimBuildsOn } from './labels';
import type { Conventions } from './schema';

/** Topics of facts, in reading order. */
export const TOPICS = {
  support: 'Support',
  image: 'Image',
  endpoint: 'Endpoint',
  health: 'Health',
  variable: 'Environment variables',
  auth: 'Authentication',
  secret: 'Secrets',
  role: 'Roles',
  session: 'Sessions',
  size: 'Size of a task',
  timing: 'Timing',
  log: 'Log lines',
  host: 'Other hosts',
  defect: 'Defects',
  protocol: 'Protocol',
} as const;

export type Topic = keyof typeof TOPICS;
type Says = Readonly<Record<string, string | number | boolean>>;

/** One thing that a deployment gets of its generation, or meets there. Topic and name together are unique. */
export interface Fact {
  readonly topic: Topic;
  readonly name: string;
  /** Its properties; a fact that is one value has it as `value`, and one that is only there has none. */
  readonly says: Says;
}

/** The change of a fact from one generation to another. */
export type Difference =
  | ({ readonly kind: 'added' | 'removed' } & Fact)
  | {
      readonly kind: 'changed';
      readonly topic: Topic;
      readonly name: string;
      readonly from: Says;
      readonly to: Says;
    };

/** All facts of a generation that a deployment depends on: its title and sources are none. */
export function facts(conventions: Conventions): readonly Fact[] {
  return (Object.keys(TOPICS) as Topic[]).flatMap((topic) =>
    Object.entries(FACTS[topic](conventions)).map(([name, says]) => ({ topic, name, says })),
  );
}

/** The changes between two generations, by topic: added and changed facts in the order of `b`, then removed ones. */
export function difference(a: Conventions, b: Conventions): readonly Difference[] {
  const [before, after] = [byPlace(facts(a)), byPlace(facts(b))];
  const differences = [
    ...[...after].flatMap(([place, fact]): Difference[] => {
      const { topic, name, says } = fact;
      const old = before.get(place);
      if (!old) {
        return [{ kind: 'added', ...fact }];
      }
      return isSame(old.says, says) ? [] : [{ kind: 'changed', topic, name, from: old.says, to: says }];
    }),
    ...[...before].filter(([place]) => !after.has(place)).map(([, fact]): Difference => ({ kind: 'removed', ...fact })),
  ];
  const order = Object.keys(TOPICS);
  return differences.sort((one, other) => order.indexOf(one.topic) - order.indexOf(other.topic));
}

function byPlace(all: readonly Fact[]): Map<string, Fact> {
  return new Map(all.map((fact) => [`${fact.topic} ${fact.name}`, fact]));
}

function isSame(a: Says, b: Says): boolean {
  const names = Object.keys({ ...a, ...b });
  return names.every((name) => a[name] === b[name]);
}

type Facts = Readonly<Record<string, Says>>;
type Statements = Conventions['iam']['taskRole'];

const value = (of: Says[string]): Says => ({ value: of });

const FACTS: Readonly<Record<Topic, (conventions: Conventions) => Facts>> = {
  support: ({ support }) => ({ deployment: { ...support } }),
  image: ({ image }) => ({
    'default version': value(image.defaultVersion ?? 'none'),
    user: value(image.user),
    curl: value(hasCurl(image)),
    Python: value(image.python),
    shim: value(image.shim ? shimBuildsOn(image.shim) : 'none'),
    ...(image.shim ? { 'CORS of its own': value(image.shim.cors) } : {}),
    ...mapFacts(image.packages, (name) => `package ${name}`, value),
    ...mapFacts(image.bakes, (name) => `variable ${name} of the image`, value),
    ...each(image.repositories, (name) => `repository ${name}`),
  }),
  endpoint: ({ endpoint }) => ({
    port: value(endpoint.port),
    path: value(endpoint.path),
    'other slash': value(endpoint.otherSlash),
  }),
  health: ({ health }): Facts =>
    health
      ? { path: value(health.path), 'all paths': value(health.all.join(', ')), probe: value(health.probe) }
      : { path: value('none is probed') },
  variable: ({ environment, auth }) => ({
    ...mapFacts(environment.fixed, named, ({ without, ...rest }) => ({ class: 'fixed', ...rest, ...failing(without) })),
    ...mapFacts(environment.derived, named, ({ meaning, from, without }) => ({
      class: 'derived',
      meaning,
      answer: ANSWER_OF[from],
      ...failing(without),
    })),
    ...mapFacts(environment.optional, named, (variable) => ({ class: 'optional', ...variable })),
    ...mapFacts(environment.dead, named, (why) => ({ class: 'dead', why })),
    ...mapFacts(environment.dangerous, named, (why) => ({ class: 'dangerous', why })),
    ...Object.fromEntries(
      Object.values(auth.modes).flatMap(({ secret }) =>
        secret
          ? [[secret.variable, { class: 'secret', meaning: secret.meaning, ...failing(secret.without) }] as const]
          : [],
      ),
    ),
  }),
  auth: ({ auth }) => ({
    ...mapFacts(
      auth.modes,
      (mode) => `mode ${mode}`,
      ({ meaning, secret }) => ({ meaning, ...(secret ? { secret: secret.variable } : {}) }),
    ),
    'a request without a token': value(auth.anonymous),
    'a token that nobody signed': value(auth.garbage),
    meaning: value(auth.meaning),
  }),
  secret: ({ secrets }) => ({ 'read by': value(secrets.readBy) }),
  role: ({ iam }) => ({
    ...statements('execution role', iam.executionRole),
    ...statements('task role', iam.taskRole),
    'task role': value(iam.why),
  }),
  session: ({ sessions }): Facts =>
    sessions
      ? {
          sessions: value(sessions.stateful ? 'in the memory of one task' : 'none'),
          why: value(sessions.why),
          ...off(sessions.off),
        }
      : {},
  size: ({ size }): Facts =>
    size ? { 'CPU units': value(size.cpu), 'memory, MiB': value(size.memory), why: value(size.why) } : {},
  timing: ({ timing }): Facts =>
    timing
      ? {
          'start, s': value(timing.startPeriod),
          'stop, s': value(timing.stopTimeout),
          'open stream': value(openStream(timing)),
          why: value(timing.why),
        }
      : {},
  log: ({ logs }) => ({
    ...each(logs.started, (line) => `${LOG_LINES.started}: ${line}`),
    ...each(logs.misconfigured, (line) => `${LOG_LINES.misconfigured}: ${line}`),
    ...each(logs.refused, (line) => `${LOG_LINES.refused}: ${line}`),
    ...each(logs.alarming, (line) => `${LOG_LINES.alarming}: ${line}`),
  }),
  host: ({ otherHosts }) =>
    otherHosts
      ? Object.fromEntries(otherHosts.map(({ host, why, off: stop }) => [host, { why, ...stopping(stop) }]))
      : { hosts: value('not known') },
  defect: ({ defects }) =>
    Object.fromEntries(
      defects.map(({ what, workaround, shim }) => [what, { workaround, ...(shim ? { 'with the shim': shim } : {}) }]),
    ),
  protocol: ({ protocol }): Facts => ({
    ...Object.fromEntries(
      protocol.revisions.map((revision) => [
        `revision ${revision}`,
        { headers: (protocol.headers[revision] ?? []).join(', ') },
      ]),
    ),
    ...(protocol.otherRevision === undefined ? {} : { 'another revision': value(protocol.otherRevision) }),
  }),
};

const named = (name: string): string => name;

function mapFacts<T>(
  record: Readonly<Partial<Record<string, T>>>,
  name: (key: string) => string,
  says: (item: T) => Says,
): Facts {
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [name(key), says(item as T)]));
}

/** Facts that are there or not, and say no more. */
function each(items: readonly string[], name: (item: string) => string): Facts {
  return Object.fromEntries(items.map((item) => [name(item), {}]));
}

function failing(without: Parameters<typeof failure>[0] | undefined): Says {
  return without ? { unset: failure(without) } : {};
}

function off(setting: { readonly variable: string; readonly value: string } | undefined): Facts {
  return setting ? { 'turned off by': value(`${setting.variable}=${setting.value}`) } : {};
}

function stopping(setting: { readonly variable: string; readonly value: string } | undefined): Says {
  return setting ? { 'stopped by': `${setting.variable}=${setting.value}` } : {};
}

function statements(role: string, of: Statements): Facts {
  return Object.fromEntries(
    of.map(({ sid, actions, on, why }) => [`${role} ${sid}`, { actions: actions.join(', '), on: RESOURCES[on], why }]),
  );
}
