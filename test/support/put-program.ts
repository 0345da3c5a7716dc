import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

import { shellWord } from '../../src/operations/shell-word';

const STAND_INS = join(__dirname, 'stand-ins');
const INTERPRETERS: Readonly<Record<string, string>> = {
  '.mjs': process.execPath,
  '.sh': '/bin/sh',
  '.bash': '/bin/bash',
};

/**
 * Puts a program of the folder `stand-ins` on a path.
 *
 * @param variables that it is started with
 */
export function putProgram(path: string, standIn: string, variables: Readonly<Record<string, string>> = {}): void {
  const lines = [
    '#!/bin/sh',
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${shellWord(value)}`),
    `exec ${shellWord(INTERPRETERS[extname(standIn)]!)} ${shellWord(join(STAND_INS, standIn))} "$@"`,
  ];
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o755 });
}

/** An answer of a program. A text is printed as it is, anything else as JSON. */
export interface ProgramAnswer {
  readonly says?: unknown;
  /** Answers to the first calls, one after the other, before `says`. */
  readonly first?: readonly unknown[];
  readonly error?: string;
  readonly exitCode?: number;
  /** Whether it answers only after a long time. */
  readonly hangs?: boolean;
}

export interface AnsweringOptions {
  /** File that gets each call. Default: beside the program, with the suffix `.calls`. */
  readonly calls?: string;
  /** Whether its calls are written with its name. */
  readonly named?: boolean;
  /** Folder that gets the files that are passed as `file://…`, each after the number of the call. */
  readonly kept?: string;
}

/**
 * Puts a program on a path that answers its calls.
 *
 * @param answers by the pattern of all words, as in a shell's `case`; the first that matches counts, and a call without one fails
 * @returns each call so far
 */
export function putAnswers(
  path: string,
  answers: Readonly<Record<string, ProgramAnswer>>,
  { calls = `${path}.calls`, named = false, kept = '' }: AnsweringOptions = {},
): () => string[] {
  const folder = `${path}.answers`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: unknown) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(folder, name), text === '' ? '' : `${text}\n`);
  };
  write('patterns', Object.keys(answers).join('\n'));
  for (const [index, { says = '', first = [], error, exitCode = 0, hangs }] of Object.values(answers).entries()) {
    const number = index + 1;
    write(`${number}.out`, says);
    write(`${number}.exit`, exitCode);
    for (const [time, one] of first.entries()) write(`${number}.${time + 1}.out`, one);
    if (error !== undefined) write(`${number}.err`, error);
    if (hangs) write(`${number}.hangs`, '');
  }
  writeFileSync(calls, '', { flag: 'a' });
  const name = named ? `${path.split('/').at(-1)} ` : '';
  putProgram(path, 'answers.sh', { ANSWERS: folder, CALLS: calls, NAME: name, KEPT: kept });
  return () => readFileSync(calls, 'utf8').trim().split('\n').filter(Boolean);
}
