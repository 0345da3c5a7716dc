import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { syncTree } from '../../src/project/sync';
import { createRunner, type Ended, type Runner } from './faults/process';
import { createSubject, type Subject } from './faults/repository';
import { differences, readTree } from './tree';

let folder: string;
let runner: Runner;
let subject: Subject;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'two-at-once-'));
  runner = createRunner(join(folder, 'child'));
  subject = createSubject(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A sync that came out right, or that said that another one was in its way. */
function expectFair({ code, output }: Ended, about: string): void {
  expect([0, 3], `${about}\n${output}`).toContain(code);
  if (code === 3) expect(output, about).toMatch(/another sync of this repository|changed by somebody else meanwhile/);
}

function expectDone(about: string): void {
  const { root } = subject.options;
  expect(differences(readTree(root), subject.after), about).toEqual([]);
  expect(
    readdirSync(join(root, '.projen')).filter((name) => name.startsWith('sync')),
    about,
  ).toEqual([]);
}

describe('two syncs of a repository at once', () => {
  it('two syncs at once come out right, or one says that another is running, wherever the first is', async () => {
    subject.reset();
    const calls = runner.calls(subject.options);
    const codes = new Set<number | null>();
    for (const [index, name] of calls.entries()) {
      const about = `the first waits at ${index + 1}, ${name}`;
      subject.reset();
      const first = await runner.pause(subject.options, index + 1);
      const second = runner.run(subject.options);
      expectFair(second, about);
      codes.add(second.code);
      if (second.code === 0) expectFilesDone(about);
      first.resume?.();
      expectFair(await first.ended, about);
      expect([second.code, (await first.ended).code], about).toContain(0);
      expectDone(about);
    }
    expect([...codes].sort()).toEqual([0, 3]);
  });

  it('syncs of a repository come out right when many start together', async () => {
    for (let round = 0; round < 5; round++) {
      subject.reset();
      const ended = await Promise.all(Array.from({ length: 6 }, () => runner.start(subject.options)));
      for (const each of ended) expectFair(each, `round ${round}`);
      expect(ended.map(({ code }) => code)).toContain(0);
      expectDone(`round ${round}`);
    }
  });

  it('syncs after one that was killed take back together what it had begun', async () => {
    subject.reset();
    const calls = runner.calls(subject.options);
    for (let round = 0; round < 5; round++) {
      subject.reset();
      runner.run(subject.options, { kind: 'kill', at: calls.lastIndexOf('renameSync') - round });
      const ended = await Promise.all(Array.from({ length: 6 }, () => runner.start(subject.options)));
      for (const each of ended) expectFair(each, `round ${round}`);
      syncTree(subject.options);
      expectDone(`round ${round}`);
    }
  });
});

/** What the second did while the first waited is whole. */
function expectFilesDone(about: string): void {
  const { root } = subject.options;
  const left = differences(readTree(root), subject.after).filter((path) => !path.startsWith('.projen/sync'));
  expect(
    left.filter((path) => path !== '.projen'),
    about,
  ).toEqual([]);
}
