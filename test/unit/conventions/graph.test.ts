import { describe, expect, it, vi } from 'vitest';
import { conventions as command } from '../../../src/cli/commands/conventions';
import type { Console } from '../../../src/cli/console';
import { dispatch } from '../../../src/cli/dispatch';
import { findTarget } from '../../../src/cli/upgrade-target';
import { exampleAnswers } from '../../../src/config/example';
import {
  CATALOGUE,
  type Conventions,
  conventionsOf,
  type Deployable,
  findDeployable,
  isAlternative,
  LATEST,
  STEPS,
  type Step,
  stepsBetween,
} from '../../../src/conventions';
import { closeVersions, newestOf, shortestWay } from '../../../src/conventions/graph';
import type * as Register from '../../../src/conventions/register';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';

/** Has the register two generations more: all that these take is their files, their lines and their steps. */
vi.mock('../../../src/conventions/register', async (original) => {
  const register = await original<typeof Register>();
  const { inventAfter } = await import('../../support/inventions');
  const [newest] = register.GENERATIONS.at(-1) as [Deployable];
  const { near, far, steps } = inventAfter(newest);
  return { ...register, GENERATIONS: [...register.GENERATIONS, [near, steps[0]], [far, steps[1]]] };
});

const [near, far] = ['g8a', 'g8b'].map((id) => CATALOGUE.find((entry) => entry.id === id)!) as [
  Conventions,
  Conventions,
];
const before = STEPS.find(({ to }) => to === near.id)!.from;
const alternatives = CATALOGUE.filter(({ id }) => isAlternative(id));

// Every test of the catalogue and of its steps, with the invented generations among them.
await import('./catalogue.test');

describe('a generation that is registered with its step', () => {
  it('a registered generation that follows the newest is what a new deployment gets', () => {
    expect(LATEST).toBe(far);
    expect(resolveDeployment(readConfig(exampleAnswers(), 'the example')).conventions).toBe(far);
  });

  it('a registered generation is reached from every older one, and leads back to none', () => {
    const older = CATALOGUE.filter((entry) => entry !== far && !isAlternative(entry.id));
    expect(older.filter(({ id }) => stepsBetween(id, far.id).at(-1)?.to !== far.id)).toEqual([]);
    expect(older.filter(({ id }) => stepsBetween(far.id, id).length > 0)).toEqual([]);
    expect(stepsBetween(before, far.id).map(({ to }) => to)).toEqual([near.id, far.id]);
  });

  it('a registered generation ends the versions of the one that it follows', () => {
    expect(CATALOGUE.find(({ id }) => id === before)!.versions!.below).toBe(near.versions!.from);
    expect([conventionsOf('1.2.3'), conventionsOf('2.0.0')]).toEqual([near, far]);
  });

  it('a registered generation has the way out to what one may have instead, in place of the one that it follows', () => {
    expect(alternatives).not.toEqual([]);
    for (const { id } of alternatives) {
      expect(STEPS.filter(({ to }) => to === id).map(({ from }) => from)).toEqual([far.id]);
      const gone = STEPS.find(({ to }) => to === id)!.changes.filter(({ kind }) => kind === 'remove');
      const names = gone.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['QUILT_PLATFORM_URL', 'SIGNING_KEY']));
    }
  });

  it('a registered generation is listed, shown and compared by the command', async () => {
    expect(await output()).toMatch(/^g8b .* default /m);
    expect(await output('show', far.id)).toContain(`Step from ${near.id} to ${far.id}`);
    expect(await output('show', far.id)).toContain(`Another way out, from ${far.id} to ${alternatives[0]!.id}`);
    expect(await output('diff', before, far.id)).toContain(`From ${near.id} to ${far.id}, step 2 of 2`);
    expect(await output('diff', alternatives[0]!.id, near.id)).toContain('They lead the other way');
  });
});

describe('an upgrade by the graph', () => {
  const [newest, older] = [findDeployable(far.id)!, findDeployable(before)!];

  it('an upgrade goes to the newest, and to no other if there is no way to it', () => {
    expect(findTarget(older, undefined)).toBe(newest);
    expect(findTarget(newest, undefined)).toBe(newest);
    const apart = { ...older, id: 'g9z' };
    expect(findTarget(apart, undefined)).toBe(apart);
    expect(() => findTarget(apart, far.id)).toThrow(
      'no step leads from g9z, which this repository has, to conventions g8b',
    );
  });

  it('an upgrade goes to what it is asked for, on the way or where it is', () => {
    expect(findTarget(older, near.id)).toBe(near);
    expect(findTarget(older, older.id)).toBe(older);
  });

  it('an upgrade refuses what is older, what is not known, and what is no deployment of ours', () => {
    expect(() => findTarget(newest, older.id)).toThrow(`conventions ${older.id} are older than ${newest.id}`);
    expect(() => findTarget(newest, 'g9')).toThrow('conventions g9 are not known');
    for (const { id, support } of alternatives) {
      expect(() => findTarget(newest, id)).toThrow(
        `conventions ${id} cannot be deployed: ${(support as { why: string }).why}`,
      );
    }
  });
});

describe('a graph of generations', () => {
  const step = (from: string, to: string) => ({ ...STEPS[0]!, from, to }) as Step;
  const entry = (id: string, more: Partial<Conventions> = {}) => ({ ...far, id, ...more }) as Conventions;
  const dated = (id: string, from: string) => entry(id, { dates: { from } });

  it('a graph is walked the shortest way, whatever the order of its steps', () => {
    const steps = [step('c', 'd'), step('b', 'c'), step('a', 'b'), step('a', 'c')];
    expect(shortestWay(steps, 'a', 'd').map(({ from, to }) => from + to)).toEqual(['ac', 'cd']);
    expect(shortestWay(steps, 'd', 'a')).toEqual([]);
    expect(shortestWay(steps, 'a', 'a')).toEqual([]);
    expect(shortestWay([step('a', 'b'), step('b', 'a')], 'a', 'c')).toEqual([]);
  });

  it('a graph has for its newest what nothing emitted follows, if it is listed first, too', () => {
    const hidden = entry('b', { support: { kind: 'recognised', why: '.', instead: '.' } });
    const followed = [dated('c', '2030-01-01'), hidden, dated('a', '2030-01-02')];
    expect(newestOf(followed, [step('a', 'b'), step('b', 'c')]).id).toBe('c');
  });

  it('a graph with two ends has for its newest the one of the later date', () => {
    const forked = [dated('a', '2030-01-01'), dated('c', '2031-01-01'), dated('b', '2030-06-01')];
    expect(newestOf(forked, [step('a', 'b'), step('a', 'c')]).id).toBe('c');
  });

  it('a graph never has what is unsafe, or known alone, for its newest', () => {
    const unsafe = entry('b', { support: { kind: 'unsafe', warning: '.', tag: '.' } });
    const alternative = entry('c', { support: { kind: 'alternative', why: '.', instead: '.' } });
    expect(newestOf([entry('a'), unsafe, alternative], [step('a', 'b'), step('b', 'c')]).id).toBe('a');
  });

  it('a graph ends no versions that have an end, or that nothing with versions follows', () => {
    const all = [
      entry('a', { versions: { from: '1.0.0', below: '1.5.0' } }),
      entry('b', { versions: { from: '1.5.0' } }),
      entry('c', { versions: null }),
    ];
    expect(closeVersions(all, [step('a', 'b'), step('b', 'c')])).toEqual(all);
  });
});

/** What the command says, without line breaks inside of a sentence. */
async function output(...args: string[]): Promise<string> {
  let written = '';
  const stdout = {
    columns: 100,
    write: (text: string) => {
      written += text;
      return true;
    },
  };
  await dispatch(command, args, { stdout, env: {} } as unknown as Console, new AbortController().signal);
  return written;
}
