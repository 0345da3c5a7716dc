import { linePrompter } from './line-prompter';
import type { Prompter } from './prompt';
import { terminalPrompter } from './terminal-prompter';
import { traitsOf } from './traits';

export { linePrompter } from './line-prompter';
export type { Prompter, SelectPrompt, TextPrompt } from './prompt';
export { terminalPrompter } from './terminal-prompter';

/**
 * The prompter for a terminal: prompts that are edited in place, or plain lines if the terminal can't redraw
 * (TERM=dumb, or no width to wrap at), or if the user asks for lines with ACCESSIBLE, because a screen reader reads a
 * redrawn prompt again on every key. The variable is that of other command lines; `0`, `false` and nothing turn it off.
 *
 * @param output stream for all output
 * @param signal ends the question at hand, and every later one, as cancelled
 */
export function choosePrompter(
  env: NodeJS.ProcessEnv,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  signal?: AbortSignal,
): Prompter {
  const isAccessible = !['', '0', 'false'].includes(env.ACCESSIBLE ?? '');
  return env.TERM === 'dumb' || isAccessible || !output.columns
    ? linePrompter(input, output, signal)
    : terminalPrompter(input, output, signal, traitsOf(env));
}
