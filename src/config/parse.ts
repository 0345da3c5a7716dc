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
  const fail = (message: string): never => {
    throw new AnswersError(file, [{ path: '', message }]);
  };
  const content = text.replace(/^\uFEFF/, '');
  if (['.yaml', '.yml'].includes(extname(file).toLowerCase())) {
    // Loaded where it is used: most answers are JSON, and every start would wait for it.
    const { parseDocument } = require('yaml') as typeof import('yaml');
    const document = parseDocument(content);
    const [error] = document.errors;
    return error ? fail(`is not YAML: ${error.message.split('\n')[0]}`) : document.toJS();
  }
  try {
    return JSON.parse(content);
  } catch (error) {
    return fail(`is not JSON: ${(error as Error).message}`);
  }
}
