import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

import { AnswersError } from './problem';

/**
 * Reads answers from a file, see {@link parseAnswers}.
 *
 * @throws AnswersError where the file cannot be read, or is not in its language
 */
export function readAnswers(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new AnswersError(file, [{ path: '', message: `cannot be read: ${reason}` }]);
  }
  return parseAnswers(text, file);
}

/**
 * Answers from a text: YAML where the file's name says so, else JSON. Does not look at what they say.
 *
 * @throws AnswersError where the text is not in its language
 */
export function parseAnswers(text: string, file: string): unknown {
  if (['.yaml', '.yml'].includes(extname(file).toLowerCase())) {
    // Loaded where it is used: most answers are JSON, and every start would wait for it.
    const { parseDocument } = require('yaml') as typeof import('yaml');
    const document = parseDocument(withoutMark(text));
    const [error] = document.errors;
    return error ? fail(file, `is not YAML: ${error.message.split('\n')[0]}`) : document.toJS();
  }
  return parseJson(text, file);
}

/**
 * The value of a JSON text.
 *
 * @param file what an error calls it
 * @throws AnswersError where it is none
 */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(withoutMark(text));
  } catch (error) {
    return fail(
      file,
      /^(<{7}|>{7}) /m.test(text)
        ? 'has marks of a merge in it: keep what is right between <<<<<<< and >>>>>>>, and delete these marks'
        : `is not JSON: ${(error as Error).message.replace(/\s+/g, ' ')}`,
    );
  }
}

/** Without the byte order mark that some editors begin a file with. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

function fail(file: string, message: string): never {
  throw new AnswersError(file, [{ path: '', message }]);
}
