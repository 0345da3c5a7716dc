import { linePrompter } from './line-prompter';
import type { Prompter } from './prompt';
import { terminalPrompter } from './terminal-prompter';

export { linePrompter } from './line-prompter';
export { Cancelled, type Prompter, type SelectPrompt, type TextPrompt } from './prompt';
export { terminalPrompter } from './terminal-prompter';

/**
 * The prompter for a terminal: plain lines where it cannot redraw (TERM=dumb, or no width to wrap at) or where ACCESSIBLE
 * asks for what a screen reader can read, else prompts that are edited in place.
 *
 * @param output what all of it is written to
 * @param signal ends the question at hand, and every later one, as cancelled
 */
export function choosePrompter(
  env: NodeJS.ProcessEnv,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  signal?: AbortSignal,
): Prompter {
  const plain = env.TERM === 'dumb' || Boolean(env.ACCESSIBLE) || !output.columns;
  return (plain ? linePrompter : terminalPrompter)(input, output, signal);
}
