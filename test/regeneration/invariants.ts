import { expect } from 'vitest';
import { CHANGE_KINDS, type FileChange, type WantedFile } from '../../src/project/changes';
import { hasConflict } from '../../src/project/merge';
import { type Base, parseBase } from '../../src/project/merge-base';
import { readText } from '../../src/project/owners-text';
import type { SyncResult } from '../../src/project/sync';
import { parses } from './languages';
import { type Entry, isSame, type Tree } from './tree';

/** What was generated the last time that a file's owner could have taken it, by path: kept apart from the base. */
export type Known = Map<string, Buffer>;

/** A sync, and what it began with and ended with. */
export interface Observation {
  readonly before: Tree;
  readonly after: Tree;
  readonly result: SyncResult;
  readonly files: readonly WantedFile[];
}

/** Fails where a sync lost, overwrote or broke anything; `known` is brought up to date. */
export async function checkSync({ before, after, result, files }: Observation, known: Known): Promise<void> {
  const changes = result.changes.filter(({ internal }) => !internal);
  const byName = new Map(changes.map((change) => [change.movedFrom ?? change.path, change]));
  expect(byName.size, 'each file is decided once').toBe(changes.length);
  const names = new Set(files.map(({ path }) => path));
  for (const file of files) {
    const change = byName.get(file.path);
    expect(change, `${file.path} is decided`).toBeDefined();
    const [was, is] = [before.get(change!.path), after.get(change!.path)];
    await checkFile({ file, change: change!, was, is, base: known.get(file.path) });
  }
  for (const [name, base] of known) {
    if (!names.has(name)) checkObsolete(name, byName.get(name), before, after, base);
  }
  const decided = new Set(changes.map(({ path }) => path));
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const isFolder = (before.get(path) ?? after.get(path))!.kind === 'folder';
    if (!decided.has(path) && !isFolder && !path.startsWith('.projen/')) {
      expect(isSame(before.get(path), after.get(path), true), `${path} is nobody's but its owner's`).toBe(true);
    }
  }
  updateKnown(known, files, byName);
  checkBase(known, files, byName, after);
}

/** One file, and what a sync did to it. */
interface Subject {
  readonly file: WantedFile;
  readonly change: FileChange;
  readonly was: Entry | undefined;
  readonly is: Entry | undefined;
  readonly base: Buffer | undefined;
}

async function checkFile({ file, change, was, is, base }: Subject): Promise<void> {
  const { content: now, ownership } = file;
  const { path, kind, movedFrom } = change;
  const about = `${path}, ${kind}`;
  const untouched = (...kinds: FileChange['kind'][]) => {
    expect(isSame(was, is, true), `${about}: is left alone`).toBe(true);
    expect(kinds, about).toContain(kind);
  };
  if (!was) {
    expect(movedFrom, about).toBeUndefined();
    if (base) return untouched('gone');
    expect(is?.content.equals(now), `${about}: is as it is generated`).toBe(true);
    expect(kind, about).toBe('create');
    return;
  }
  if (ownership === 'owned') return untouched('yours');
  if (was.kind !== 'file') {
    return untouched(ownership === 'merged' && base?.equals(now) ? 'yours' : 'edited');
  }
  const [yours, old, next] = [was.content, base, now].map((content) => content && readText(content)?.text);
  expect(is?.kind, about).toBe('file');
  expect(is?.mode, `${about}: its permission bits`).toBe(was.mode);
  if (yours === next) return untouched('unchanged');
  if (base && (base.equals(was.content) || (yours !== undefined && yours === old))) {
    expect(kind, about).toBe('update');
    expect(readText(is!.content)?.text, about).toBe(next);
    checkForm(was.content, is!.content, about);
    return;
  }
  if (!base || ownership === 'managed') return untouched('edited');
  if (base.equals(now)) return untouched('yours');
  if (yours === undefined || old === undefined || next === undefined) return untouched('edited');

  expect(['merge', 'conflict', 'yours'], about).toContain(kind);
  expect(hasConflict(is!.content.toString()), `${about}: marks`).toBe(kind === 'conflict');
  if (kind === 'yours') untouched('yours');
  checkForm(was.content, is!.content, about);
  // In a conflict the owner's line may stand as what only one side has.
  const raw = is!.content.toString();
  const whole = was.content.includes('\r') && !yours.includes('\r') ? raw.replaceAll('\r\n', '\n') : raw;
  const merged = kind === 'conflict' ? whole : readText(is!.content)!.text;
  checkLines(old, yours, next, merged, kind === 'conflict', about);
  if (kind === 'merge' && (await parses(path, was.content)) && (await parses(path, now))) {
    expect(await parses(path, is!.content), `${about}: is still of its language:\n${is!.content}`).toBe(true);
  }
}

/** The ends of lines, and what is below the owner's line, are as they were. */
function checkForm(was: Buffer, is: Buffer, about: string): void {
  const [old, now] = [was, is].map((content) => {
    const above = readText(content)!.text;
    return { crlf: /\r\n/.test(content.toString()) && !/[^\r]\n/.test(content.toString()), above };
  });
  if (old!.crlf) expect(now!.crlf || now!.above === '', `${about}: ends of lines`).toBe(true);
  const below = readText(was)!.rewrite('').toString();
  expect(is.toString().endsWith(below), `${about}: what is its owner's below the line`).toBe(true);
}

/**
 * What either side added is there, and what either side took out is not, but where it is in a conflict. Where a line
 * stands more than once, or both sides moved it about, only that it is there can be said.
 */
function checkLines(old: string, yours: string, next: string, merged: string, conflict: boolean, about: string): void {
  const [base, own, generated, result] = [old, yours, next, merged].map(countLines);
  for (const line of new Set([...own!.keys(), ...generated!.keys(), ...base!.keys()])) {
    const count = (lines: ReadonlyMap<string, number> | undefined) => lines!.get(line) ?? 0;
    const [inBase, inOwn, inGenerated, inResult] = [count(base), count(own), count(generated), count(result)];
    expect(inResult, `${about}: an edit is lost: ${line}`).toBeGreaterThanOrEqual(inOwn - inBase);
    expect(inResult, `${about}: news are lost: ${line}`).toBeGreaterThanOrEqual(inGenerated - inBase);
    if (!conflict && inBase === 1 && inOwn + inGenerated <= 1 && isSettled(line, old, inOwn > 0 ? yours : next)) {
      expect(inResult, `${about}: a deleted line is back: ${line}`).toBe(0);
    }
  }
}

/** Whether the side that has a line still has it where it was. */
function isSettled(line: string, old: string, kept: string): boolean {
  const around = (text: string) => {
    const lines = text.split('\n');
    const place = lines.indexOf(line);
    return place < 0 ? undefined : lines.slice(Math.max(0, place - 1), place + 2).join('\n');
  };
  return around(kept) === undefined || around(old) === around(kept);
}

function countLines(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

function checkObsolete(name: string, change: FileChange | undefined, before: Tree, after: Tree, base: Buffer): void {
  if (!change) {
    expect(isSame(before.get(name), after.get(name), true), `${name}: is left alone`).toBe(true);
    return;
  }
  const [was, is] = [before.get(change.path), after.get(change.path)];
  if (change.kind === 'delete') {
    expect(readText(was!.content)?.text, `${change.path}: is deleted as it was generated`).toBe(readText(base)?.text);
    expect(is, change.path).toBeUndefined();
    return;
  }
  expect(change.kind, change.path).toBe('edited');
  expect(isSame(was, is, true), `${change.path}: is left alone`).toBe(true);
}

function updateKnown(known: Known, files: readonly WantedFile[], byName: ReadonlyMap<string, FileChange>): void {
  const names = new Set(files.map(({ path }) => path));
  for (const { path, content } of files) {
    if (!['edited', 'gone'].includes(byName.get(path)!.kind)) known.set(path, content);
  }
  for (const name of known.keys()) {
    if (!names.has(name) && byName.get(name)?.kind !== 'edited') known.delete(name);
  }
}

/** The base says what was generated last, of a deleted file what was then, and of files that were moved, where they are. */
function checkBase(
  known: Known,
  files: readonly WantedFile[],
  byName: ReadonlyMap<string, FileChange>,
  after: Tree,
): void {
  const base: Base = parseBase(after.get('.projen/base')!.content.toString());
  expect([...base.entries.keys()].sort()).toEqual([...known.keys()].sort());
  const owned = new Set(files.filter(({ ownership }) => ownership === 'owned').map(({ path }) => path));
  for (const [name, entries] of base.entries) {
    expect(entries.length).toBe(1);
    if (!owned.has(name)) expect(entries[0]!.content?.equals(known.get(name)!), `the base of ${name}`).toBe(true);
    const change = byName.get(name);
    expect(entries[0]!.movedTo, name).toBe(change?.movedFrom === undefined ? undefined : change.path);
  }
}

/** Fails where a sync that had nothing to do did anything. */
export function checkIdle(before: Tree, after: Tree, result: SyncResult): void {
  expect(
    result.changes.filter(({ kind }) => CHANGE_KINDS[kind].writes).map(({ path, kind }) => `${kind} ${path}`),
  ).toEqual([]);
  const touched = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => !isSame(before.get(path), after.get(path), true),
  );
  expect(touched, 'a sync that had nothing to do').toEqual([]);
}
