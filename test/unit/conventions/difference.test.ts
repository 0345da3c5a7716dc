import { describe, expect, it } from 'vitest';

import { CATALOGUE, type Conventions, LATEST } from '../../../src/conventions';
import { type Difference, difference, type Fact, facts, TOPICS } from '../../../src/conventions/difference';
import { BARE, FULL } from '../../support/conventions';

const ALL = [...CATALOGUE, BARE, FULL];
const PAIRS = ALL.flatMap((a) => ALL.map((b) => [a, b] as const));
const place = ({ topic, name }: { readonly topic: string; readonly name: string }) => `${topic} ${name}`;

/** The facts of a generation after what a difference says has happened to them. */
function apply(before: readonly Fact[], differences: readonly Difference[]): Fact[] {
  const after = new Map(before.map((fact) => [place(fact), fact]));
  for (const one of differences) {
    const there = after.get(place(one));
    if (one.kind === 'added') {
      expect(there).toBeUndefined();
      after.set(place(one), { topic: one.topic, name: one.name, says: one.says });
    } else {
      expect(there?.says).toEqual(one.kind === 'changed' ? one.from : one.says);
      after.delete(place(one));
    }
    if (one.kind === 'changed') {
      after.set(place(one), { topic: one.topic, name: one.name, says: one.to });
    }
  }
  return [...after.values()];
}

const sorted = (them: readonly Fact[]) => [...them].sort((a, b) => (place(a) < place(b) ? -1 : 1));

describe('the facts of a generation', () => {
  it.each(CATALOGUE)('each fact of $id has a place of its own', (entry) => {
    const places = facts(entry).map(place);
    expect(places.filter((one, index) => places.indexOf(one) !== index)).toEqual([]);
  });

  it.each(CATALOGUE)('each variable of $id has one class', ({ environment, auth }) => {
    const { fixed, derived, optional, dead, dangerous } = environment;
    const secrets = Object.values(auth.modes).flatMap(({ secret }) => secret?.variable ?? []);
    const names = [fixed, derived, optional, dead, dangerous].flatMap((variables) => Object.keys(variables));
    const all = [...names, ...new Set(secrets)];
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
  });
});

describe('the difference between two generations', () => {
  it.each(PAIRS)('difference %# of two generations, applied to the facts of one, gives those of the other', (a, b) => {
    expect(sorted(apply(facts(a), difference(a, b)))).toEqual(sorted(facts(b)));
  });

  it.each(PAIRS)('difference %# of two generations is, the other way round, its opposite', (a, b) => {
    const turned = { added: 'removed', removed: 'added', changed: 'changed' } as const;
    const opposite = difference(b, a).map((one) =>
      one.kind === 'changed' ? { ...one, from: one.to, to: one.from } : { ...one, kind: turned[one.kind] },
    );
    const comparable = (them: readonly Difference[]) => them.map((one) => JSON.stringify(sortKeys(one))).sort();
    expect(comparable(opposite)).toEqual(comparable(difference(a, b)));
  });

  it.each(ALL)('there is no difference from $id to itself', (entry) => {
    expect(difference(entry, entry)).toEqual([]);
  });

  const entry: Conventions = LATEST;
  const { environment, sessions, defects } = entry;
  const [name] = Object.keys(environment.optional) as [string];
  const { [name]: moved, ...optional } = environment.optional;
  const cases: [string, Conventions, Partial<Difference>][] = [
    [
      'a version',
      { ...entry, image: { ...entry.image, defaultVersion: '9.9.9' } },
      { kind: 'changed', topic: 'image', name: 'default version' },
    ],
    [
      'a variable that goes',
      { ...entry, environment: { ...environment, optional } },
      { kind: 'removed', topic: 'variable', name, says: { class: 'optional', ...moved } },
    ],
    [
      'a variable of another class',
      { ...entry, environment: { ...environment, optional, dead: { ...environment.dead, [name]: 'no longer' } } },
      {
        kind: 'changed',
        topic: 'variable',
        name,
        from: { class: 'optional', ...moved },
        to: { class: 'dead', why: 'no longer' },
      } as Partial<Difference>,
    ],
    [
      'sessions',
      { ...entry, sessions: { ...sessions!, stateful: !sessions!.stateful } },
      { kind: 'changed', topic: 'session', name: 'sessions' },
    ],
    [
      'a defect',
      { ...entry, defects: [...defects, { what: 'It leaks.', workaround: 'none' }] },
      { kind: 'added', topic: 'defect', name: 'It leaks.' },
    ],
  ];
  it.each(cases)('the difference between two generations sees %s', (_, other, expected) => {
    expect(difference(entry, other)).toEqual([expect.objectContaining(expected)]);
  });

  it('the difference between two generations comes in the order of its topics', () => {
    const order = Object.keys(TOPICS);
    for (const [a, b] of PAIRS) {
      const places = difference(a, b).map(({ topic }) => order.indexOf(topic));
      expect(places).toEqual([...places].sort((one, other) => one - other));
    }
  });

  it.each(ALL)('a difference covers all that $id says, but for what it is called and rests on', (one) => {
    // What is part of no deployment: everything else of an entry must make a difference where it is changed.
    const apart = new Set(['id', 'title', 'summary', 'versions', 'dates', 'ranHere', 'sources']);
    for (const path of leaves(one).filter(([top, ...rest]) => !apart.has(top!) && !UNSAID.has(rest.at(-1)!))) {
      expect(difference(one, changedAt(one, path)), path.join('.')).not.toEqual([]);
    }
  });
});

/** How the proof sees a defect, and what a forged token is signed with, which no page says. */
const UNSAID = new Set(['seen', 'publicSecret']);

/** Paths of all texts, numbers and truth values of a tree. */
function leaves(tree: unknown): string[][] {
  return typeof tree === 'object' && tree !== null
    ? Object.entries(tree).flatMap(([key, inner]) => leaves(inner).map((path) => [key, ...path]))
    : [[]];
}

/** What must be one of few values, and another of them. */
const OTHER: Readonly<Record<string, string>> = {
  exit: 'open',
  forgeable: 'open',
  open: 'exit',
  catalogUrl: 'region',
  registryUrl: 'region',
  region: 'catalogUrl',
  serviceTimeout: 'region',
  environment: 'region',
  everything: 'secrets',
  repository: 'secrets',
  logGroup: 'secrets',
  secrets: 'everything',
  parameters: 'everything',
  ends: 'hangs',
  hangs: 'ends',
};

function changedAt(entry: Conventions, path: readonly string[]): Conventions {
  const copy = structuredClone(entry);
  // biome-ignore lint/suspicious/noExplicitAny: any property of it
  const parent = path.slice(0, -1).reduce((tree: any, key) => tree[key], copy);
  const key = path.at(-1)!;
  const old = parent[key];
  parent[key] =
    typeof old === 'number' ? old + 1 : typeof old === 'boolean' ? !old : (OTHER[old as string] ?? `${old} changed`);
  return copy;
}

function sortKeys(value: unknown): unknown {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, inner]) => [key, sortKeys(inner)]),
      )
    : value;
}
