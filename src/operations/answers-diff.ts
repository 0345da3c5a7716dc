import { createTwoFilesPatch } from 'diff';

import { ANSWERS_FILE } from '../config/answers-file';
import { editJson } from '../config/edit';
import type { ChangedAnswer } from '../discovery/changed-answers';

/**
 * Changes of an environment's answers as a diff of their file, for `git apply`; empty if there are none.
 *
 * @param text of the file, whose form stays
 */
export function answersDiff(text: string, environment: string, changes: readonly ChangedAnswer[]): string {
  if (changes.length === 0) return '';
  const next = editJson(
    text,
    changes.map(({ path, value }) => ({ path: ['environments', environment, ...path.split('.')], value })),
  );
  return createTwoFilesPatch(`a/${ANSWERS_FILE}`, `b/${ANSWERS_FILE}`, text, next, undefined, undefined, {
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  });
}

/** The diff, below what each change follows from; empty if there are none. */
export function answersDiffText(text: string, environment: string, changes: readonly ChangedAnswer[]): string {
  const diff = answersDiff(text, environment, changes);
  if (diff === '') return '';
  return [
    `${ANSWERS_FILE} as the account has it now. Read it, save it as a file, and git apply FILE:`,
    ...changes.map(({ path, evidence }) => `  environments.${environment}.${path}: ${evidence}`),
    '',
    diff.trimEnd(),
  ].join('\n');
}
