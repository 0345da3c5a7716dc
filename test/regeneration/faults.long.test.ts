import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { reportSync, syncTree } from '../../src/project/sync';
import { createRunner, type Ended, type Fault, type Runner } from './faults/process';
import { createSubject, EDITED, type Subject } from './faults/repository';
import { differences, readTree, type Tree } from './tree';

let folder: string;
let runner: Runner;
let subject: Subject;
let root: string;
let calls: readonly string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faults-'));
  runner = createRunner(join(folder, 'child'));
  subject = createSubject(folder);
  root = subject.options.root;
  subject.reset();
  calls = runner.calls(subject.options);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WRITES = ['writeFileSync', 'copyFileSync'];
const TAKES_ROOM = [...WRITES, 'mkdirSync'];

/** Does something at each call of a sync, or at each of these. */
function atEach(names: readonly string[], kind: Fault['kind'], check: (at: number, ended: Ended) => void): void {
  const places = calls.flatMap((name, index) => (names.includes(name) ? [index + 1] : []));
  expect(places.length).toBeGreaterThanOrEqual(20);
  for (const at of places) {
    subject.reset();
    check(at, runner.run(subject.options, { kind, at }));
  }
}

function copyTree(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}

const books = () => readdirSync(join(root, '.projen')).filter((name) => name.startsWith('sync'));
/** A tree without folders, and without what a sync keeps while it is under way. */
const files = (tree: Tree): Tree =>
  new Map([...tree].filter(([path, { kind }]) => !path.startsWith('.projen/sync') && kind !== 'folder'));

/** Every file is as before or as after, and none is torn. */
function expectWhole(about: string): void {
  const now = files(readTree(root));
  const [before, after] = [files(subject.before), files(subject.after)];
  expect(
    differences(now, before).filter((path) => differences(now, after).includes(path)),
    about,
  ).toEqual([]);
}

function expectDone(about: string): void {
  expect(differences(readTree(root), subject.after), about).toEqual([]);
  expect(books(), about).toEqual([]);
}

/** What an owner edits after a kill is there after the next run, and everything else is done. */
function expectEditKept(path: string, about: string): void {
  appendFileSync(join(root, path), 'in between\n');
  const result = syncTree(subject.options);
  const report = reportSync(result).join('\n');
  expect(readFileSync(join(root, path), 'utf8'), `${about}\n${report}`).toContain('in between\n');
  if (result.conflicts.length > 0) {
    // It was killed after it had marked this: then that is solved first, as always.
    expect(result.conflicts, about).toEqual(['conflict.md']);
    return;
  }
  const touched = [path, '.projen/base'];
  const others = differences(files(readTree(root)), files(subject.after)).filter((other) => !touched.includes(other));
  expect(others, `${about}\n${report}`).toEqual([]);
}

describe('a sync that is ended by SIGKILL', () => {
  it.each([
    { where: 'before any call', kind: 'kill', names: () => calls },
    { where: 'in the middle of a write', kind: 'tear', names: () => WRITES },
  ] as const)('a sync killed $where is undone and done by the next, and no edit between is lost', ({ kind, names }) => {
    atEach(names(), kind, (at, { signal }) => {
      const about = `${kind} at ${at}, ${calls[at - 1]}`;
      expect(signal, about).toBe('SIGKILL');
      expectWhole(about);
      copyTree(root, join(folder, 'killed'));
      syncTree(subject.options);
      expectDone(about);
      for (const path of EDITED.filter((_, index) => index % 3 === at % 3)) {
        copyTree(join(folder, 'killed'), root);
        if (existsSync(join(root, path))) expectEditKept(path, `${path}, ${about}`);
      }
    });
  });

  it('a sync killed while it takes back what another had begun is taken back by the next', () => {
    const half = join(folder, 'half');
    subject.reset();
    const at = calls.lastIndexOf('renameSync');
    expect(runner.run(subject.options, { kind: 'kill', at }).signal).toBe('SIGKILL');
    expect(existsSync(join(root, '.projen/sync/journal.json'))).toBe(true);
    copyTree(root, half);
    const repairing = runner.calls(subject.options);
    // What follows is a sync like any other.
    for (const place of repairing.slice(0, repairing.length - calls.length).keys()) {
      const about = `killed again at ${place + 1}, ${repairing[place]}`;
      copyTree(half, root);
      expect(runner.run(subject.options, { kind: 'kill', at: place + 1 }).signal, about).toBe('SIGKILL');
      expectWhole(about);
      syncTree(subject.options);
      expectDone(about);
    }
  });
});

describe('a sync to which a call fails', () => {
  it.each([
    { kind: 'EACCES', names: () => calls },
    { kind: 'ENOSPC', names: () => TAKES_ROOM },
  ] as const)('a sync that gets $kind leaves the tree as it was, or has done everything', ({ kind, names }) => {
    atEach(names(), kind, (at, { code, output }) => {
      const about = `${kind} at ${at}, ${calls[at - 1]}`;
      expect(existsSync(join(root, '.projen/sync')), about).toBe(false);
      if (code === 0) {
        // What is left after all is done is for the next run to remove.
        expect(differences(files(readTree(root)), files(subject.after)), about).toEqual([]);
      } else {
        expect(output, about).toBe(`${kind}: by the test`);
        expect(differences(readTree(root), subject.before), about).toEqual([]);
      }
      syncTree(subject.options);
      expectDone(about);
    });
  });
});
