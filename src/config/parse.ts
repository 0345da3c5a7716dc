import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

import { AnswersError } from './problem';

/**
 * Reads answers from a file: YAML where its name says so, else JSON. Does not look at what they say.
 *
 * @throws AnswersError where the file cannot be read, or is not in its language
 */
export function parseAnswers(file: string): unknown {
  const fail = (message: string): never => {
    throw new AnswersError(file, [{ path: '', message }]);
  };
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    return fail(`cannot be read: ${reason}`);
  }
  if (['.yaml', '.yml'].includes(extname(file).toLowerCase())) {
    // Loaded where it is used: most answers are JSON, and every start would wait for it.
    const { parseDocument } = require('yaml') as typeof import('yaml');
    const document = parseDocument(text);
    const [error] = document.errors;
    return error ? fail(`is not YAML: ${error.message.split('\n')[0]}`) : document.toJS();
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail(`is not JSON: ${(error as Error).message}`);
  }
}
