import { createInterface } from 'node:readline/promises';

import { Failed } from './failed';
import type { Session } from './session';

/**
 * Asks before something is changed. Only `yes` is taken for consent.
 *
 * @param yes whether the command line consents already
 * @throws Failed without consent, or if there is no terminal to ask in
 */
export async function confirm(
  { stdin, stdout, signal }: Pick<Session, 'stdin' | 'stdout' | 'signal'>,
  question: string,
  yes: boolean,
): Promise<void> {
  if (yes) return;
  if (!stdin.isTTY) {
    throw new Failed(`${question} There is no terminal to ask in: add -- --yes.`);
  }
  const terminal = createInterface({ input: stdin, output: stdout as NodeJS.WriteStream });
  const asked = terminal.question(`\n${question} Only yes is taken for an answer: `, { signal });
  // Ctrl-C and Ctrl-D are no answer either.
  const answer = await asked.catch(() => 'no').finally(() => terminal.close());
  if (answer.trim() !== 'yes') {
    throw new Failed('Nothing was changed.');
  }
}
