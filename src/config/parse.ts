import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

import { jsonProblem, jsonValue } from './json';
import { AnswersError } from './problem';
import { decodeText } from './text-encoding';
import { yamlValue } from './yaml';

/** Name of the answers from standard input in an error. */
export const STANDARD_INPUT = 'standard input';

/** `relaxed` also takes comments and trailing commas in JSON, and UTF-16: of a file that nothing but this command reads. */
export type Dialect = 'strict' | 'relaxed';

/**
 * Reads answers from a file, see {@link parseAnswers}.
 *
 * @param file `-` for standard input
 * @throws AnswersError if the file cannot be read, or is not in its language
 */
export function readAnswers(file: string, dialect: Dialect = 'strict'): unknown {
  const source = file === '-' ? STANDARD_INPUT : file;
  let bytes: Buffer;
  try {
    bytes = readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return fail(source, `cannot be read: ${REASONS[code ?? ''] ?? message}`);
  }
  const { text, encoding, problem } = decodeText(bytes);
  if (problem !== undefined) {
    return fail(source, problem);
  }
  if (dialect === 'strict' && encoding !== 'UTF-8') {
    return fail(source, `is in ${encoding}: save it as UTF-8, for other programs read it, too`);
  }
  return parseAnswers(text, source, dialect);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory; name a file in it',
  EACCES: 'you have no permission to',
  EAGAIN: 'nothing can be read from it; give the answers in a file',
};

/**
 * Answers from a text. The file's name says whether that is YAML or JSON; without such a name, a text that begins with
 * `{` is JSON, and any other is YAML. Does not validate the answers.
 *
 * @throws AnswersError if the text is not in its language, names a key twice, or is empty
 */
export function parseAnswers(text: string, file: string, dialect: Dialect = 'strict'): unknown {
  const content = withoutMark(text);
  if (content.trim() === '') {
    return fail(file, 'is empty: it must hold an object of answers');
  }
  if (isYaml(file, content)) {
    return yamlValue(content, file);
  }
  const { value, problem } = jsonValue(content, dialect === 'relaxed');
  return problem === undefined ? value : fail(file, mergeMarks(content) ?? problem);
}

function isYaml(file: string, content: string): boolean {
  const extension = extname(file).toLowerCase();
  return ['.yaml', '.yml'].includes(extension) || (!/^\.json[c5]?$/.test(extension) && !/^\s*[{[]/.test(content));
}

/**
 * The value of a JSON text.
 *
 * @param file its name in an error
 * @throws AnswersError if it is none
 */
export function parseJson(text: string, file: string): unknown {
  const content = withoutMark(text);
  try {
    return JSON.parse(content);
  } catch (error) {
    return fail(file, mergeMarks(content) ?? jsonProblem(content) ?? `is not JSON: ${(error as Error).message}`);
  }
}

function mergeMarks(text: string): string | undefined {
  return /^(<{7}|>{7}) /m.test(text)
    ? 'has marks of a merge in it: keep what is right between <<<<<<< and >>>>>>>, and delete these marks'
    : undefined;
}

/** Without the byte order mark that some editors begin a file with. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

function fail(file: string, message: string): never {
  throw new AnswersError(file, [{ path: '', message }]);
}
