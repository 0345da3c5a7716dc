import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { findMoved } from '../../../src/project/renames';
import { Busy } from '../../../src/project/unwritable';
import { lookAt } from '../../../src/project/working-tree';
import { changeTree, repairTree } from '../../../src/project/writer';

/** What another process does as soon as this one has looked: called once, after the call of this name. */
const meanwhile = vi.hoisted(() => ({ after: '', act: () => {} }));

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof fs>();
  const watched =
    (name: 'lstatSync' | 'readdirSync') =>
    (...args: unknown[]) => {
      const result = (original[name] as (...given: unknown[]) => unknown)(...args);
      if (meanwhile.after === `${name} ${String(args[0])}`) {
        meanwhile.after = '';
        meanwhile.act();
      }
      return result;
    };
  return { ...original, lstatSync: watched('lstatSync'), readdirSync: watched('readdirSync') };
});

let root: string;
const path = (name: string) => join(root, name);
const once = (after: string, act: () => void) => Object.assign(meanwhile, { after, act });

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'races-'));
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

describe('while another process is at it', () => {
  it('a file that goes between a look and the reading is not there', () => {
    fs.writeFileSync(path('a'), 'a');
    once(`lstatSync ${path('a')}`, () => fs.rmSync(path('a')));
    expect(lookAt(root, 'a')).toEqual({ kind: 'absent' });
    expect(meanwhile.after).toBe('');
  });

  it('a folder that goes while moved files are looked for has none of them', () => {
    fs.mkdirSync(path('folder'));
    once(`readdirSync ${path('')}`, () => fs.rmdirSync(path('folder')));
    expect(findMoved(root, new Map([['gone', Buffer.from('gone')]]), new Set()).get('gone')).toEqual({
      candidates: [],
    });
    expect(meanwhile.after).toBe('');
  });

  it('the repository can be taken if its last owner lets it go right then', () => {
    const folder = path('.projen/sync');
    fs.mkdirSync(folder, { recursive: true });
    once(`lstatSync ${folder}`, () => fs.rmdirSync(folder));
    changeTree(root, [{ path: 'a', content: Buffer.from('a'), executable: false }]);
    expect(meanwhile.after).toBe('');
    expect(fs.readFileSync(path('a'), 'utf8')).toBe('a');
  });

  it('the repository has one owner, though another takes it right after it seemed to have none', () => {
    const folder = path('.projen/sync');
    const other = `owner-${process.ppid}`;
    fs.mkdirSync(folder, { recursive: true });
    once(`readdirSync ${folder}`, () => fs.writeFileSync(join(folder, other), ''));
    expect(() => repairTree(root)).toThrow(Busy);
    expect(fs.readdirSync(folder)).toEqual([other]);
  });
});
