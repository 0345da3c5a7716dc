import { Back } from './back';
import { Cancelled } from './cancelled';
import { wordRows } from './layout';
import { paintOf } from './paint';
import { initialChoice, type Prompter } from './prompt';
import { tableRows } from './table';
import { type Traits, traitsOf } from './traits';
import { typingOf } from './typing';

/** A prompter whose prompts are edited in place: those of the `prompts` package, loaded with the first question. */
export function terminalPrompter(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  signal?: AbortSignal,
  traits: Traits = traitsOf({}),
): Prompter {
  const typing = typingOf(input, signal);
  const paint = paintOf(output);

  async function ask(makeElement: (elements: Elements, look: Look) => Element) {
    const elements = await import('./elements.js');
    return typing.keys((stdin) => answerTo(makeElement(elements, { stdin, stdout: output, traits }), output));
  }

  const write = (lines: (width: number) => readonly string[]) => {
    for (const line of lines(widthOf(output) - INDENT.length)) output.write(`${INDENT}${line}\n`);
  };

  return {
    keys: 'Enter takes the answer in parentheses, Shift-Tab goes to the question before, Ctrl-C stops.',
    say: (text) => write((width) => wordRows(text, width)),
    table: (rows) => write((width) => tableRows(rows, width)),
    section: (title, level = 1) => void output.write(`\n  ${paint(level === 1 ? 'bold' : 'plain', title)}\n`),
    text: ({ check, name: _, ...prompt }) =>
      ask(({ TextElement }, look) => {
        return new TextElement({ ...look, ...prompt, validate: (typed) => check?.(typed) ?? true });
      }),
    select: async (question) => {
      const { message, hint, choices, canGoBack, ignoresTypedAhead } = question;
      if (ignoresTypedAhead) await typing.dropTypedAhead();
      return ask(({ SelectElement }, look) => {
        return new SelectElement({ ...look, message, hint, choices, canGoBack, initial: initialChoice(question) });
      });
    },
  };
}

const INDENT = '  ';
/** Longer rows are hard to read. */
const WIDEST = 100;

function widthOf({ columns }: NodeJS.WriteStream): number {
  return Math.min(columns || 80, WIDEST) - 1;
}

type Elements = typeof import('./elements.js');
type Element = InstanceType<Elements['TextElement'] | Elements['SelectElement']>;
type Look = Pick<ConstructorParameters<Elements['TextElement']>[0], 'stdin' | 'stdout' | 'traits'>;

/** The answer to an element, which is drawn again whenever the terminal changes its size. */
async function answerTo(element: Element, output: NodeJS.WriteStream): Promise<string> {
  const redraw = () => element.render();
  output.on('resize', redraw);
  try {
    return await new Promise((resolve, reject) => {
      element.once('submit', resolve);
      element.once('abort', () => reject(element.wentBack ? new Back() : new Cancelled()));
    });
  } finally {
    output.off('resize', redraw);
  }
}
