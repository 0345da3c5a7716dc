import type { PromptObject } from 'prompts';

import { Cancelled, initialChoice, type Prompter } from './prompt';
import { Typing } from './typing';

const INDENT = '  ';

/** A prompter whose prompts are edited in place: the `prompts` package, loaded with the first question. */
export function terminalPrompter(input: NodeJS.ReadStream, output: NodeJS.WriteStream, signal?: AbortSignal): Prompter {
  const typing = new Typing(input, signal);
  const styled = (code: number, text: string) => (output.hasColors?.() ? `\u001B[${code}m${text}\u001B[0m` : text);
  const bold = (text: string) => styled(1, text);
  const dim = (text: string) => styled(2, text);

  async function ask(question: Omit<PromptObject, 'name'>, hint: string | undefined): Promise<string> {
    const { default: prompts } = await import('prompts');
    for (const line of hint ? wrap(hint, (output.columns ?? 80) - INDENT.length) : []) {
      output.write(`${INDENT}${dim(line)}
`);
    }
    // Without this a cancelled prompt looks like one that has no answer.
    let cancelled = false;
    const onCancel = () => {
      cancelled = true;
    };
    const { answer } = await typing.keys((stdin) =>
      prompts({ ...question, name: 'answer', stdin, stdout: output }, { onCancel }),
    );
    if (cancelled) {
      throw new Cancelled();
    }
    return answer;
  }

  return {
    section: (title, level = 1) => void output.write(`\n${INDENT}${level === 1 ? bold(title) : title}\n`),
    text: ({ message, hint, initial, check }) =>
      ask({ type: 'text', message, initial, validate: (typed: string) => check?.(typed) ?? true }, hint),
    select: (question) =>
      ask(
        {
          type: 'select',
          message: question.message,
          initial: initialChoice(question),
          choices: question.choices.map(({ value, title, disabled }) => ({
            value,
            title: disabled === undefined ? title : `${title} (${disabled})`,
            disabled: disabled !== undefined,
          })),
        },
        question.hint,
      ),
  };
}

/** A text as lines that are cut between words. */
function wrap(text: string, width: number): string[] {
  return text.match(new RegExp(`\\S.{0,${Math.max(20, width) - 1}}(?=\\s|$)`, 'g')) ?? [text];
}
