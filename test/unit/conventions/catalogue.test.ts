import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../../src/config/example';
import { AnswersError } from '../../../src/config/problem';
import {
  CATALOGUE,
  type Conventions,
  conventionsOf,
  type Deployable,
  isAlternative,
  isDeployable,
  isWithin,
  LATEST,
  SEEN_DEFECTS,
  STEPS,
  type Step,
  stepsBetween,
} from '../../../src/conventions';
import { conventionsSchema, stepSchema } from '../../../src/conventions/schema';
import { ORIGINS_VARIABLE } from '../../../src/model/image';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';

/** Versions of the server that are known: published ones, and tags of its repository. */
const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  g0: [
    ...['0.3.5', '0.4.0', '0.6.10', '0.6.11', '0.6.12', '0.6.13', '0.6.14', '0.6.15', '0.6.16', '0.6.17', '0.6.18'],
    ...['0.6.19', '0.7.5'],
  ],
  g1b: ['0.8.0', '0.8.3', '0.8.4', '0.8.5', '0.9.2'],
  gap: ['0.9.3', '0.9.4', '0.9.5'],
  g2a: ['0.10.0'],
  g2b: ['0.11.0', '0.13.0'],
  g2c: ['0.14.0', '0.14.1'],
  g2d: ['0.15.0'],
  g3a: ['0.16.0'],
  g3b: ['0.17.1', '0.17.4', '0.17.6', '0.18.0', '0.20.0', '0.21.0'],
  g3c: ['0.22.0'],
};

const named = <T extends { id: string }>(entries: readonly T[]) => entries.map((entry) => [entry.id, entry] as const);
const all = named(CATALOGUE);
const deployable = named(CATALOGUE.filter(isDeployable));
const recognised = named(CATALOGUE.filter((entry) => !isDeployable(entry)));
const [alternatives, generations] = [true, false].map((is) => CATALOGUE.filter(({ id }) => isAlternative(id) === is));
const first = generations![0]!;
const steps = STEPS.map((step) => [`${step.from} to ${step.to}`, step] as const);

const secretsOf = ({ auth }: Conventions) => Object.values(auth.modes).flatMap(({ secret }) => secret?.variable ?? []);
const entryOf = (id: string) => CATALOGUE.find((entry) => entry.id === id)!;

/** Every variable that a deployment sets. */
function emitted(conventions: Conventions): Set<string> {
  const { fixed, derived } = conventions.environment;
  return new Set([...Object.keys(fixed), ...Object.keys(derived), ...secretsOf(conventions)]);
}

describe('the catalogue', () => {
  it('the catalogue has every generation once, oldest first, and what one may have instead after these', () => {
    const ids = CATALOGUE.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(CATALOGUE).toEqual([...generations!, ...alternatives!]);
    const dates = generations!.map(({ dates: { from } }) => from);
    expect([...dates].sort()).toEqual(dates);
  });

  it('the catalogue of generations puts every known version where it belongs', () => {
    for (const [id, versions] of Object.entries(VERSIONS)) {
      expect(versions.map((version) => conventionsOf(version)?.id)).toEqual(versions.map(() => id));
    }
  });

  it('the catalogue of generations has each version in exactly one generation', () => {
    const part = fc.oneof(fc.nat(30), fc.nat());
    fc.assert(
      fc.property(fc.tuple(fc.oneof(fc.constant(0), part), part, part), (parts) => {
        const version = parts.join('.');
        const holders = CATALOGUE.filter(({ versions }) => versions !== null && isWithin(version, versions));
        expect(holders.map(({ id }) => id)).toEqual([conventionsOf(version)!.id]);
      }),
    );
  });

  it.each(SEEN_DEFECTS)('the catalogue of generations says the same of the defect %s wherever it is seen', (name) => {
    const found = CATALOGUE.flatMap(({ defects }) => defects.filter(({ seen }) => seen === name));
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map(({ what, workaround }) => `${what} ${workaround}`)).size).toBe(1);
  });

  it('the catalogue of generations lets a new deployment have the newest that is emitted, which nothing emitted follows', () => {
    const emitted = CATALOGUE.filter(({ support }) => support.kind === 'emitted');
    expect(emitted).toContain(LATEST);
    expect(emitted.filter(({ dates }) => dates.from > LATEST.dates.from)).toEqual([]);
    expect(emitted.filter(({ id }) => stepsBetween(LATEST.id, id).length > 0)).toEqual([]);
  });
});

describe.each(all)('%s', (_, entry) => {
  it(`the generation ${entry.id} has the shape of the schema`, () => {
    expect(conventionsSchema.parse(entry)).toEqual(entry);
  });

  it(`the generation ${entry.id} has each variable in one list only`, () => {
    const { fixed, derived, optional, dead, dangerous } = entry.environment;
    const names = [...[fixed, derived, optional, dead, dangerous].flatMap(Object.keys), ...secretsOf(entry)];
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it(`the generation ${entry.id} says once what happens without a variable`, () => {
    const { fixed, derived } = entry.environment;
    const required = [
      ...Object.values(fixed).map(({ why, without }) => ({ says: why, without })),
      ...[...Object.values(derived), ...Object.values(entry.auth.modes).flatMap(({ secret }) => secret ?? [])].map(
        ({ meaning, without }) => ({ says: meaning, without }),
      ),
    ].filter(({ without }) => without);
    const again = /\bwithout it\b|\bunset\b|\bexits? with\b|\beverybody\b/i;
    expect(required.map(({ says }) => says).filter((says) => again.test(says))).toEqual([]);
  });

  it(`the generation ${entry.id} says how a task runs and is probed if one of ours does, and only then`, () => {
    const { health, sessions, size, timing, image } = entry;
    const runs = [sessions, size, timing].map((part) => part !== undefined);
    // Whether sessions, size and timing are known goes together; g0 has no health check that one could ask.
    expect(new Set(runs).size).toBe(1);
    expect(health === undefined || runs[0]).toBe(true);
    expect(isDeployable(entry) ? health !== undefined && image.hasCurl !== null : true).toBe(true);
  });

  it(`the generation ${entry.id} says that it was run only if the tests run it`, () => {
    if (entry.ranHere.length === 0) {
      expect(entry.sources.filter(({ what }) => /\brun\b/.test(what))).toEqual([]);
      expect(entry.defects.filter(({ seen }) => seen)).toEqual([]);
    }
    const { versions } = entry;
    expect(entry.ranHere.filter((version) => versions === null || !isWithin(version, versions))).toEqual([]);
  });

  it(`the generation ${entry.id} knows which headers its revisions of the protocol send`, () => {
    expect(Object.keys(entry.protocol.headers)).toEqual(entry.protocol.revisions);
    expect([...entry.protocol.revisions].sort()).toEqual(entry.protocol.revisions);
  });

  it(`the generation ${entry.id} begins before it ends`, () => {
    const { from, to = from } = entry.dates;
    expect(from <= to).toBe(true);
  });

  it(`the generation ${entry.id} answers health checks at the path that is asked`, () => {
    expect(entry.health?.all ?? [entry.health?.path]).toContain(entry.health?.path);
  });

  it(`the generation ${entry.id} turns off sessions and requests to other hosts by variables that an owner may set`, () => {
    const { sessions, otherHosts = [], environment } = entry;
    const switches = [sessions, ...otherHosts].flatMap((part) => part?.off?.variable ?? []);
    expect(Object.keys(environment.optional)).toEqual(expect.arrayContaining(switches));
  });
});

describe.each(deployable)('%s, which deploys', (_, entry) => {
  const { environment, auth, image, support, versions } = entry;
  const config = readConfig(exampleAnswers(entry), 'the example');

  it(`the generation ${entry.id} starts with a version of its own, or a tag if it has none`, () => {
    if (versions === null) {
      expect(conventionsOf(image.defaultVersion)).toBeUndefined();
    } else {
      expect(isWithin(image.defaultVersion, versions)).toBe(true);
    }
  });

  it(`the generation ${entry.id} gives its tasks no rights, and says what they are missing`, () => {
    expect(entry.iam.taskRole).toEqual([]);
    expect(entry.iam.why).not.toBe('');
  });

  it(`the generation ${entry.id} names the same repository in every registry, which the example pulls from`, () => {
    const { repository } = exampleAnswers(entry).image;
    expect(image.repositories.length).toBeGreaterThan(0);
    expect(image.repositories.filter((name) => name.slice(name.indexOf('/') + 1) !== repository)).toEqual([]);
  });

  it(`the generation ${entry.id} can be authenticated with, in every way that it has`, () => {
    expect(Object.keys(auth.modes).length).toBeGreaterThan(0);
  });

  it(`the generation ${entry.id} refuses credentials that all callers would share`, () => {
    expect(Object.keys(environment.dangerous)).toEqual(
      expect.arrayContaining(['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE']),
    );
  });

  it(`the generation ${entry.id} says what a shim does only if there is one`, () => {
    if (!image.shim) {
      expect(entry.defects.filter(({ shim }) => shim)).toEqual([]);
    }
  });

  it(`the generation ${entry.id} warns if it lets in who has no valid token`, () => {
    if (auth.anonymous === 200) {
      expect(support.kind).toBe('unsafe');
    }
    if (support.kind === 'unsafe') {
      expect(support.warning).toContain(entry.id);
    }
  });

  it.each(resolveDeployment(config).environments)(`${entry.id} gives tasks in $name all it requires`, ({ service }) => {
    const { contract } = resolveDeployment(config);
    const { taskDefinition, taskRole } = service;
    const secrets = taskDefinition.secrets.map(({ name }) => name);
    const variables = [
      ...Object.keys(contract.container.environment),
      ...Object.keys(taskDefinition.environment),
      ...secrets,
    ];
    // What the image reads is no part of what the server demands.
    const ofTheImage = image.shim?.byDefault ? [ORIGINS_VARIABLE] : [];
    expect([...variables].sort()).toEqual([...emitted(entry), ...ofTheImage].sort());
    expect(variables).toEqual(expect.arrayContaining([...contract.requiredVariables]));
    expect(secrets).toEqual(contract.requiredSecrets);
    const refused = [...Object.keys(environment.dead), ...Object.keys(environment.dangerous)];
    expect(variables.filter((name) => refused.includes(name))).toEqual([]);
    expect(taskRole.statements).toEqual([]);
    expect(contract.conventionTags.Warning).toBe(support.kind === 'unsafe' ? support.tag : undefined);
  });

  it(`the generation ${entry.id} takes every optional variable, and refuses every other that it names`, () => {
    const problemsOf = (names: readonly string[]) => {
      const answers = structuredClone(exampleAnswers(entry));
      Object.assign(answers.environments.dev!.environment!, Object.fromEntries(names.map((name) => [name, 'x'])));
      return problemsIn(answers).map(({ path }) => path);
    };
    expect(problemsOf(Object.keys(environment.optional))).toEqual([]);
    const derived = Object.entries(environment.derived).filter(([, { from }]) => from !== 'environment');
    const { fixed, dead, dangerous } = environment;
    const refused = [
      ...[fixed, dead, dangerous].flatMap(Object.keys),
      ...derived.map(([name]) => name),
      ...secretsOf(entry),
    ];
    expect(problemsOf(refused).sort()).toEqual(refused.map((name) => `environments.dev.environment.${name}`).sort());
  });

  it(`the generation ${entry.id} refuses the example without the secret, or the variables, that only its owner knows`, () => {
    const answers = structuredClone(exampleAnswers(entry));
    delete answers.environments.dev!.environment;
    delete answers.environments.dev!.auth!.secretArn;
    const owned = Object.entries(environment.derived).filter(([, { from }]) => from === 'environment');
    const expected = owned.map(([name]) => `environments.dev.environment.${name}`);
    const secret = secretsOf(entry).map(() => 'environments.dev.auth.secretArn');
    expect(
      problemsIn(answers)
        .map(({ path }) => path)
        .sort(),
    ).toEqual([...secret, ...expected].sort());
  });

  it(`the generation ${entry.id} refuses versions of other generations, and says which they are`, () => {
    for (const [id, [version]] of Object.entries(VERSIONS)) {
      const answers = structuredClone(exampleAnswers(entry));
      answers.image.version = version!;
      const [problem] = problemsIn(answers);
      if (id === entry.id) {
        expect(problem).toBeUndefined();
      } else {
        expect(problem!.path).toBe('image.version');
        expect(problem!.message).toContain(versions === null ? entry.id : id);
      }
    }
  });
});

describe('sessions', () => {
  const stateful = CATALOGUE.filter(isDeployable).filter(({ sessions }) => sessions.stateful);
  const withDev = (entry: Deployable, change: object) => {
    const answers = structuredClone(exampleAnswers(entry));
    Object.assign(answers.environments.dev!, change);
    return problemsIn(answers);
  };
  const routing = (entry: Deployable, stickiness: boolean) => ({
    routing: { ...exampleAnswers(entry).environments.dev!.routing, stickiness },
  });

  it.each(stateful)('sessions of $id keep to one task, or to stickiness, or are turned off', (entry) => {
    const two = { capacity: { desired: 2 } };
    const off = entry.sessions.off && { environment: { [entry.sessions.off.variable]: entry.sessions.off.value } };
    const [problem, ...others] = withDev(entry, two);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ path: 'environments.dev.capacity.desired', found: '2' });
    expect(problem!.message).toContain(entry.sessions.why);
    // Nobody says how many tasks: two is what there are then.
    expect(withDev(entry, { capacity: {} })).toHaveLength(1);
    expect(withDev(entry, { ...two, ...routing(entry, true) })).toEqual([]);
    expect(withDev(entry, { ...two, ...off })).toHaveLength(off ? 0 : 1);
  });

  it('sessions have no use for stickiness if there are none', () => {
    const [problem] = withDev(LATEST, routing(LATEST, true));
    expect(problem).toMatchObject({ path: 'environments.dev.routing.stickiness', found: 'true' });
  });
});

describe.each(recognised)('%s, which does not deploy', (id, entry) => {
  it(`the generation ${id}, which does not deploy, is refused with the reason, and with what to do instead`, () => {
    const { support } = entry;
    if (!('instead' in support)) throw new Error('is deployable');
    const [problem, ...others] = problemsIn({ ...exampleAnswers(), conventions: id });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ path: 'conventions', found: id });
    expect(problem!.message).toContain(support.why);
    expect(problem!.message).toContain(support.instead);
  });

  it(`the generation ${id}, which does not deploy, has no version to start with`, () => {
    expect(entry.image.defaultVersion).toBeNull();
  });
});

describe('the steps', () => {
  const ids = CATALOGUE.map(({ id }) => id);

  it('the steps lead from the first generation to each other one, without a gap', () => {
    for (const to of ids.filter((id) => id !== first.id)) {
      const stops = stepsBetween(first.id, to);
      expect([first.id, ...stops.map((step) => step.to)]).toEqual([...stops.map((step) => step.from), to]);
    }
  });

  it('the steps lead to each generation from one that was there before, and never back', () => {
    const place = (id: string) => ids.indexOf(id);
    expect(STEPS.filter(({ from, to }) => place(from) < 0 || place(from) >= place(to))).toEqual([]);
    for (const [a, b] of ids.flatMap((one) => ids.map((other) => [one, other] as const))) {
      expect(stepsBetween(a, b).length > 0 && stepsBetween(b, a).length > 0).toBe(false);
    }
  });

  it('the steps lead out to what one may have instead from the newest, and from there nowhere', () => {
    expect(alternatives).not.toEqual([]);
    for (const { id } of alternatives!) {
      expect(STEPS.filter(({ to }) => to === id).map(({ from }) => from)).toEqual([LATEST.id]);
      expect(STEPS.filter(({ from }) => from === id)).toEqual([]);
    }
  });

  it('the steps between generations replace the public secret on the way out of g1', () => {
    for (const from of ['g1a', 'g1b']) {
      const changes = stepsBetween(from, 'g2a').flatMap((step) => step.changes);
      expect(changes.filter(({ kind, what }) => kind === 'rotate' && what === 'secret')).not.toEqual([]);
    }
  });

  it('the steps between generations stop nobody at a generation that does not deploy', () => {
    const stops = STEPS.filter(({ to }) => !isDeployable(entryOf(to)) && !isAlternative(to));
    expect(stops).not.toEqual([]);
    expect(stops.filter(({ noRest }) => noRest === undefined)).toEqual([]);
  });
});

describe.each(steps)('the step from %s', (_, step) => {
  const [before, after] = [entryOf(step.from), entryOf(step.to)];
  const set = { before: emitted(before), after: emitted(after) };

  it(`the step from ${step.from} to ${step.to} has the shape of the schema`, () => {
    expect(stepSchema.parse(step)).toEqual(step);
  });

  it(`the step from ${step.from} to ${step.to} accounts for every variable that comes or goes`, () => {
    const { gone, come } = movesOf(step);
    expect([...set.before].filter((name) => !set.after.has(name) && !gone.includes(name))).toEqual([]);
    expect([...set.after].filter((name) => !set.before.has(name) && !come.includes(name))).toEqual([]);
  });

  it(`the step from ${step.from} to ${step.to} takes away no variable that stays, and brings none that is there or refused`, () => {
    const { gone, added, come } = movesOf(step);
    expect(gone.filter((name) => set.after.has(name))).toEqual([]);
    expect(added.filter((name) => set.before.has(name) || !set.after.has(name))).toEqual([]);
    const { dead, dangerous } = after.environment;
    expect(come.filter((name) => name in dead || name in dangerous)).toEqual([]);
  });

  it(`the step from ${step.from} to ${step.to} names every value that changes, and the address that clients have`, () => {
    const changed = step.changes.filter(({ kind }) => kind === 'change');
    const fixed = Object.entries(before.environment.fixed).filter(([name, { value }]) => {
      const other = after.environment.fixed[name];
      return other !== undefined && other.value !== value;
    });
    expect(changed.map(({ name }) => name)).toEqual(expect.arrayContaining(fixed.map(([name]) => name)));
    expect(changed.some(({ what, name }) => what === 'client' && name.startsWith('URL'))).toBe(
      before.endpoint.path !== after.endpoint.path,
    );
  });

  it(`the step from ${step.from} to ${step.to} has its deployment seen to refuse, if it ends at one that refuses`, () => {
    const seen = step.rollOut.filter((line) => line.includes('POST without a token') && line.includes('401'));
    if (isDeployable(after) && after.auth.anonymous === 401) {
      expect(seen).not.toEqual([]);
    }
  });
});

/** What the changes of a step do to variables: those that go, that are new, and that are set under another name. */
function movesOf({ changes }: Step): { gone: string[]; added: string[]; come: string[] } {
  const moves = changes.filter(({ what }) => what === 'variable' || what === 'secret');
  const gone = moves.filter(({ kind }) => kind === 'remove' || kind === 'rename').map(({ name }) => name);
  const added = moves.filter(({ kind }) => kind === 'add').map(({ name }) => name);
  const targets = moves.flatMap((change) => (change.kind === 'rename' ? change.to : []));
  return { gone, added, come: [...added, ...targets] };
}

function problemsIn(answers: unknown): AnswersError['problems'] {
  try {
    readConfig(answers, 'the example');
  } catch (error) {
    if (error instanceof AnswersError) {
      return error.problems;
    }
    throw error;
  }
  return [];
}
