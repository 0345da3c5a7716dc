import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { lookAt } from '../../src/project/working-tree';
import { compareLines, toLines } from './differences';
import { languageOf } from './languages';

/** What an owner does to a file. The numbers are reduced to what there is. */
export interface Edit {
  readonly kind: keyof typeof EDITS;
  readonly file: number;
  readonly at: number;
}

/** A file that is edited. */
interface Subject {
  /** Absolute. */
  readonly file: string;
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  readonly at: number;
  /** Stands nowhere else. */
  readonly token: string;
  /** A file outside of the repository. */
  readonly outside: string;
  /** What other generations have in its place. */
  readonly others: readonly string[];
}

/** What an owner does to a file that stands there, and how often compared with the others. */
export const EDITS = {
  comment: { weight: 4, apply: textual(({ path, token, at }, lines) => insert(lines, at, [comment(path, token)])) },
  line: { weight: 2, apply: textual(({ token, at }, lines) => insert(lines, at, [token])) },
  change: { weight: 3, apply: textual(({ path, token, at }, lines) => changeLine(lines, at, comment(path, token))) },
  append: { weight: 2, apply: textual(({ path, token }, lines) => [...lines, `${comment(path, token)}\n`]) },
  paragraph: { weight: 4, apply: textual(({ path, token, at }, lines) => insertParagraph(lines, at, path, token)) },
  delete: { weight: 2, apply: textual(({ at }, lines) => lines.filter((_, index) => index !== at % lines.length)) },
  deleteThree: { weight: 1, apply: textual(({ at }, lines) => deleteLines(lines, at % lines.length, 3)) },
  deleteParagraph: { weight: 3, apply: textual(({ at }, lines) => deleteParagraph(lines, at)) },
  bracket: { weight: 1, apply: textual(({ at }, lines) => deleteBracket(lines, at)) },
  wrap: { weight: 2, apply: textual(({ path, at }, lines) => wrapParagraphs(lines, at, path)) },
  foresee: { weight: 4, apply: textual(({ at, others }, lines) => foresee(lines, at, others)) },
  empty: { weight: 1, apply: textual(() => []) },
  crlf: { weight: 2, apply: textual((_, lines) => lines.map((line) => line.replace(/\r?\n$/, '\r\n'))) },
  someCrlf: { weight: 1, apply: textual(({ at }, lines) => endWith(lines, at % lines.length, '\r\n')) },
  noEnd: { weight: 2, apply: textual((_, lines) => endWith(lines, lines.length - 1, '')) },
  bytes: {
    weight: 1,
    apply: ({ file, text, token }) =>
      writeFileSync(file, Buffer.concat([Buffer.from(`${text}${token} `), Buffer.from([0xff, 0xfe, 10])])),
  },
  remove: { weight: 2, apply: ({ file }) => rmSync(file) },
  rename: { weight: 3, apply: (subject) => rename(subject) },
  link: {
    weight: 1,
    apply: ({ file, outside }) => {
      rmSync(file);
      symlinkSync(outside, file);
    },
  },
  folder: {
    weight: 1,
    apply: ({ file, token }) => {
      rmSync(file);
      mkdirSync(file);
      writeFileSync(join(file, 'mine'), token);
    },
  },
  mode: { weight: 2, apply: ({ file, at }) => chmodSync(file, [0o755, 0o600, 0o444][at % 3]!) },
} as const satisfies Record<string, { readonly weight: number; readonly apply: (subject: Subject) => void }>;

/** Does an edit to the file at a path, where there is one. */
export function applyEdit(
  root: string,
  path: string,
  edit: Edit,
  { token, outside, others }: Pick<Subject, 'token' | 'outside' | 'others'>,
): void {
  const standing = lookAt(root, path);
  if (standing.kind !== 'file') {
    return;
  }
  const file = join(root, path);
  const subject = { file, path, text: standing.content.toString('latin1'), mode: standing.mode };
  chmodSync(file, standing.mode | 0o600);
  EDITS[edit.kind].apply({ ...subject, at: edit.at, token, outside, others });
  if (edit.kind !== 'mode' && lookAt(root, path).kind === 'file') chmodSync(file, standing.mode);
}

function textual(
  change: (subject: Subject, lines: readonly string[]) => readonly string[],
): (subject: Subject) => void {
  return (subject) => {
    writeFileSync(subject.file, Buffer.from(change(subject, toLines(subject.text)).join(''), 'latin1'));
  };
}

function comment(path: string, text: string): string {
  return languageOf(path).comment?.(text) ?? text;
}

/** Between two lines, indented as what follows. */
function insert(lines: readonly string[], at: number, added: readonly string[]): string[] {
  const place = at % (lines.length + 1);
  const indent = /^[ \t]*/.exec(lines[place] ?? '')![0];
  const before = place > 0 ? endWith(lines.slice(0, place), place - 1, '\n', true) : [];
  return [...before, ...added.map((line) => `${indent}${line}\n`), ...lines.slice(place)];
}

function changeLine(lines: readonly string[], at: number, comment: string): string[] {
  return lines.map((line, index) => (index === at % lines.length ? line.replace(/(\r?\n)?$/, ` ${comment}$1`) : line));
}

/** Before a line at the margin after an empty one, or at the end. */
function insertParagraph(lines: readonly string[], at: number, path: string, token: string): string[] {
  const paragraph = languageOf(path).paragraph?.(token) ?? `${comment(path, token)}\n`;
  const places = lines.flatMap((line, index) =>
    index > 0 && isEmpty(lines[index - 1]!) && /^\w/.test(line) ? [index] : [],
  );
  const place = [...places, lines.length][at % (places.length + 1)]!;
  return [...lines.slice(0, place), paragraph, '\n', ...lines.slice(place)];
}

function deleteParagraph(lines: readonly string[], at: number): string[] {
  const starts = lines.flatMap((_, index) => (index === 0 || isEmpty(lines[index - 1]!) ? [index] : []));
  const start = starts[at % starts.length] ?? 0;
  const next = starts.find((place) => place > start) ?? lines.length;
  return deleteLines(lines, start, next - start);
}

function deleteBracket(lines: readonly string[], at: number): string[] {
  const places = lines.flatMap((line, index) => [...line.matchAll(/[()[\]{}]/g)].map((match) => [index, match.index]));
  const [place, column] = places[at % Math.max(1, places.length)] ?? [];
  return lines.map((line, index) => (index === place ? line.slice(0, column) + line.slice(column! + 1) : line));
}

/** Puts a paragraph, or several, in a block. */
function wrapParagraphs(lines: readonly string[], at: number, path: string): string[] {
  const { block } = languageOf(path);
  const ends = [-1, ...lines.flatMap((line, index) => (isEmpty(line) ? [index] : [])), lines.length];
  const first = at % (ends.length - 1);
  const [start, end] = [ends[first]! + 1, ends[Math.min(first + 1 + (at % 3), ends.length - 1)]!];
  if (!block || start === end) return [...lines];
  const wrapped = lines.slice(start, end).map((line) => (isEmpty(line) ? line : block.indent + line));
  const ended = endWith(wrapped, wrapped.length - 1, '\n', true);
  return [...lines.slice(0, start), `${block.before}\n`, ...ended, `${block.after}\n`, ...lines.slice(end)];
}

/** Adds what another generation has more than this one, some lines away from where that has it. */
function foresee(lines: readonly string[], at: number, others: readonly string[]): string[] {
  const news = others.flatMap((other) => compareLines(lines.join(''), other).filter(({ buffer1 }) => buffer1[1] === 0));
  const chosen = news[at % Math.max(1, news.length)];
  if (!chosen) return [...lines];
  const away = [-3, -2, -1, 1, 2, 3][at % 6]!;
  const place = Math.min(Math.max(chosen.buffer1[0] + away, 0), lines.length);
  const before = place > 0 ? endWith(lines.slice(0, place), place - 1, '\n', true) : [];
  return [
    ...before,
    ...endWith(chosen.buffer2Content, chosen.buffer2Content.length - 1, '\n', true),
    ...lines.slice(place),
  ];
}

function deleteLines(lines: readonly string[], start: number, count: number): string[] {
  return lines.filter((_, index) => index < start || index >= start + count);
}

function endWith(lines: readonly string[], at: number, end: string, unlessEnded = false): string[] {
  return lines.map((line, index) =>
    index !== at || (unlessEnded && line.endsWith('\n')) ? line : line.replace(/\r?\n$/, '') + end,
  );
}

function isEmpty(line: string): boolean {
  return line.trim() === '';
}

function rename({ file, path, at, token }: Subject): void {
  const name = path.split('/').at(-1)!;
  const target =
    at % 2 === 0 ? join(dirname(file), `${token}-${name}`) : join(file.slice(0, -path.length), token, name);
  mkdirSync(dirname(target), { recursive: true });
  renameSync(file, target);
}
