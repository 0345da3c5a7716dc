import { Back } from './back';
import { Cancelled } from './cancelled';
import { initialChoice, type Prompter, type Row, type SelectPrompt, type TextPrompt } from './prompt';
import { typingOf } from './typing';

/** Input for the question before. */
const BACK = '<';

/** A prompter that reads and writes plain lines and never moves the cursor: choices are numbered. */
export function linePrompter(input: NodeJS.ReadStream, output: NodeJS.WritableStream, signal?: AbortSignal): Prompter {
  const typing = typingOf(input, signal);
  const say = (line: string) => void output.write(`${line}\n`);

  async function text({ message, hint, initial, check, canGoBack }: TextPrompt): Promise<string> {
    if (hint) {
      say(hint);
    }
    for (;;) {
      output.write(`${message}${initial ? ` (Enter for ${initial})` : ''}: `);
      const line = await typing.line();
      if (line === undefined) {
        say('');
        throw new Cancelled();
      }
      if (canGoBack && line.trim() === BACK) throw new Back();
      const answer = line.trim() || (initial ?? '');
      const problem = check?.(answer);
      if (problem === undefined) {
        return answer;
      }
      say(`  Not accepted: ${problem}.`);
    }
  }

  async function select(question: SelectPrompt): Promise<string> {
    const { message, hint, choices, canGoBack, ignoresTypedAhead } = question;
    if (ignoresTypedAhead) await typing.dropTypedAhead();
    const numbers = `a number from 1 to ${choices.length}`;
    const objection = (disabled: string | undefined) => disabled && `can't be chosen: ${disabled}`;
    if (hint) {
      say(hint);
    }
    say(`${message}:`);
    for (const [index, { title, disabled }] of choices.entries()) {
      say(`  ${index + 1}. ${title}${disabled === undefined ? '' : ` (${objection(disabled)})`}`);
    }
    const typed = await text({
      message: `Type ${numbers}`,
      canGoBack,
      initial: String(initialChoice(question) + 1),
      check: (number) =>
        choices[Number(number) - 1] ? objection(choices[Number(number) - 1]!.disabled) : `must be ${numbers}`,
    });
    return choices[Number(typed) - 1]!.value;
  }

  const table = (rows: readonly Row[]) => say(rows.map(([label, value]) => `  ${label}: ${value}`).join('\n'));

  const keys = `Enter alone takes the answer that is offered, ${BACK} goes to the question before, Ctrl-C stops.`;
  return {
    keys,
    say,
    table,
    section: (title, level = 1) => say(level === 1 ? `\n${title}` : `\n${title}:`),
    text,
    select,
  };
}
