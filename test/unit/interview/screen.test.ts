import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Cancelled } from '../../../src/interview/cancelled';
import { widthOf } from '../../../src/interview/layout';
import { type Prompter, type TextPrompt, terminalPrompter } from '../../../src/interview/prompter';
import { traitsOf } from '../../../src/interview/traits';
import { runs } from '../../support/level';
import { Screen, withWholeAnswers } from '../../support/screen';

const ENTER = '\r';
const KEYS = {
  backspace: '\u007F',
  delete: '\u001B[3~',
  left: '\u001B[D',
  right: '\u001B[C',
  up: '\u001B[A',
  down: '\u001B[B',
  home: '\u001B[H',
  end: '\u001B[F',
  f1: '\u001BOP',
  ctrlA: '\u0001',
  ctrlE: '\u0005',
  ctrlK: '\u000B',
  ctrlU: '\u0015',
  ctrlW: '\u0017',
  ctrlY: '\u0019',
  ctrlZ: '\u001A',
  altBackspace: '\u001B\u007F',
  altD: '\u001Bd',
  altX: '\u001Bx',
  tab: '\t',
};
const ARN = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/quilt/0123456789abcdef/0123456789abcdef';
const RULE =
  'must be 1 to 20 lower-case letters, digits or hyphens, and must begin with a letter; 漢字 are not among them';
const ABOVE = ['what stands above', '✔ An earlier question … and its answer'];

/** A terminal, and a prompter that somebody at its keys answers. */
class Desk {
  readonly screen: Screen;
  readonly prompter: Prompter;
  private readonly input = new PassThrough();
  private readonly output = new PassThrough();
  private shown: Promise<unknown> = Promise.resolve();

  constructor(size: { columns: number; rows: number }, wrapsCursorRow = true) {
    this.screen = new Screen(size, wrapsCursorRow);
    Object.assign(this.output, size, { hasColors: () => true });
    this.output.on('data', (data) => {
      this.shown = this.screen.write(data);
    });
    this.prompter = terminalPrompter(
      this.input as unknown as NodeJS.ReadStream,
      this.output as unknown as NodeJS.WriteStream,
      undefined,
      { ...traitsOf({}, 'linux'), wrapsCursorRow },
    );
    this.output.write(ABOVE.map((line) => `${line}\r\n`).join(''));
  }

  /** Lines without spaces, with each answered question in one. */
  get whole(): string[] {
    return withWholeAnswers(this.screen.lines).map(squeeze);
  }

  /** Asks, for a text by default; the question is shown afterwards. */
  async ask(question: TextPrompt | (() => Promise<string>)): Promise<{ answer: Promise<string> }> {
    const answer = typeof question === 'function' ? question() : this.prompter.text(question);
    answer.catch(() => {});
    await once(this.output, 'data');
    await this.settle();
    return { answer };
  }

  /** Presses keys; they are answered afterwards. */
  async press(keys: string): Promise<void> {
    this.input.write(keys);
    await this.answered();
  }

  async resize(columns: number): Promise<void> {
    await this.settle();
    this.screen.resize(columns);
    Object.assign(this.output, { columns });
    this.output.emit('resize');
    await this.settle();
  }

  /** Waits until what was written is shown. */
  async settle(): Promise<void> {
    await this.answered();
    await this.shown;
  }

  /** Lets the prompter have its turns. */
  private async answered(): Promise<void> {
    for (let turn = 0; turn < 8; turn++) {
      await nextTurn();
    }
  }
}

const size = fc.record({ columns: fc.integer({ min: 20, max: 200 }), rows: fc.integer({ min: 20, max: 50 }) });
const message = fc
  .array(fc.constantFrom('Name', 'of', 'the', 'stack', '漢字', "upstream's", 'image', '(ARN)'), {
    minLength: 1,
    maxLength: 16,
  })
  .map((words) => words.join(' '));
const letter = fc.constantFrom(
  ...['a', 'B', '7', ' ', '.', '漢', 'ｶﾞ', '한', 'é', 'e\u0301', '😀', '👩‍💻', '🇩🇪', '🫠', '\u0301'],
);
const key = fc.oneof(
  { weight: 6, arbitrary: letter },
  { weight: 4, arbitrary: fc.constantFrom(...Object.values(KEYS)) },
  { weight: 1, arbitrary: fc.constant(ARN) },
  { weight: 1, arbitrary: fc.array(letter, { maxLength: 60 }).map((letters) => letters.join('')) },
  { weight: 1, arbitrary: fc.constant(ENTER) },
);
const question = fc.record({
  message,
  hint: fc.option(message, { nil: undefined }),
  initial: fc.option(fc.constantFrom('acme', ARN, '漢字'.repeat(30), `${ARN}, ${ARN}`), { nil: undefined }),
  keys: fc.array(key, { maxLength: 40 }),
});

const squeeze = (text: string) => text.replace(/\s/g, '');
const count = (text: string, part: string) => text.split(part).length - 1;
const answered = (asked: string, answer: string) => `✔ ${asked} … ${answer}`.trimEnd();

/** Any choices: some can't be chosen, some are longer than a row. */
const choices = fc
  .array(fc.record({ title: message, disabled: fc.option(message, { nil: undefined }) }), {
    minLength: 1,
    maxLength: 12,
  })
  .filter((some) => some.some(({ disabled }) => disabled === undefined))
  .map((some) => some.map((one, index) => ({ ...one, value: String(index) })));
const selectKeys = fc.array(fc.constantFrom(...Object.values(KEYS), 'j', 'k', 'x', '漢'), { maxLength: 20 });

describe('what a person sees of the prompts', () => {
  it('the screen shows each question and its answer, once, whatever is typed at any width', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.array(question, { minLength: 1, maxLength: 3 }), async (terminal, questions) => {
        const desk = new Desk(terminal);
        const expected = [...ABOVE];
        for (const { message, hint, initial, keys } of questions) {
          let isRefused = true;
          const check = () => (isRefused ? RULE : undefined);
          const { answer } = await desk.ask({ message, hint, initial, check });
          for (const one of keys) {
            await desk.press(one);
          }
          isRefused = false;
          await desk.press(ENTER);
          expected.push(answered(message, (await answer) || 'none'));
        }
        await desk.settle();
        expect(desk.whole).toEqual(expected.map(squeeze));
      }),
      { numRuns: runs(40) },
    );
  });

  it('the screen shows a question and what is typed once after every key, and the cursor where the next letter goes', async () => {
    const narrow = fc.array(fc.constantFrom('a', 'b', ' ', '漢', KEYS.left, KEYS.home, KEYS.backspace, ARN, ENTER), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 20, max: 120 }), message, narrow, async (columns, asked, keys) => {
        const desk = new Desk({ columns, rows: 200 });
        const { answer } = await desk.ask({ message: asked, check: () => RULE });
        for (const one of keys) {
          await desk.press(one);
          await desk.settle();
          const text = squeeze(desk.screen.lines.join(''));
          expect(count(text, squeeze(`? ${asked} ›`))).toBe(1);
          expect(text.replace(squeeze(`✖ ${RULE}`), '').startsWith(squeeze(`${ABOVE.join('')}? ${asked} ›`))).toBe(
            true,
          );
        }
        await desk.press('Z');
        await desk.settle();
        // At the end of a row the cursor is in the next.
        expect(desk.screen.beforeCursor.at(-1) ?? 'Z').toBe('Z');
        await desk.press('\u0003');
        await expect(answer).rejects.toBeInstanceOf(Cancelled);
        await desk.settle();
        expect(count(squeeze(desk.screen.lines.join('')), squeeze(asked))).toBe(1);
      }),
      { numRuns: runs(30) },
    );
  });

  it.each([
    ['a terminal that wraps the row of the cursor', true],
    ['a terminal that cuts the row of the cursor off', false],
  ])('a prompt stays in its place when its terminal becomes narrower or wider: %s', async (_, wrapsCursorRow) => {
    await fc.assert(
      fc.asyncProperty(
        message,
        fc.constantFrom('acme', ARN, '漢字'.repeat(20)),
        fc.array(fc.integer({ min: 20, max: 200 }), { minLength: 1, maxLength: 6 }),
        async (asked, typed, widths) => {
          const desk = new Desk({ columns: 80, rows: 100 }, wrapsCursorRow);
          let isRefused = true;
          const { answer } = await desk.ask({
            message: asked,
            initial: ARN,
            check: () => (isRefused ? RULE : undefined),
          });
          await desk.press(typed + ENTER);
          isRefused = false;
          for (const columns of widths) {
            await desk.resize(columns);
          }
          await desk.press(`${KEYS.left}${ENTER}`);
          const line = answered(asked, await answer);
          await desk.settle();
          expect(desk.whole).toEqual([...ABOVE, line].map(squeeze));
        },
      ),
      { numRuns: runs(30) },
    );
  });

  it('the screen shows a choice, once, whatever is pressed at any width', async () => {
    await fc.assert(
      fc.asyncProperty(size, message, choices, selectKeys, fc.nat(200), async (terminal, asked, some, keys, other) => {
        const desk = new Desk(terminal);
        const { answer } = await desk.ask(() => desk.prompter.select({ message: asked, choices: some }));
        for (const one of keys) {
          await desk.press(one);
        }
        if (terminal.rows > 40 && some.length < 4) {
          await desk.resize(20 + other);
        }
        // Down to the next that can be chosen.
        await desk.press(ENTER + `${KEYS.down}${ENTER}`.repeat(some.length));
        const { title, disabled } = some[Number(await answer)]!;
        await desk.settle();
        expect(disabled).toBeUndefined();
        expect(desk.whole).toEqual([...ABOVE, answered(asked, title)].map(squeeze));
      }),
      { numRuns: runs(40) },
    );
  });

  it('the screen shows a hint above the question, broken between words, until there is an answer', async () => {
    const desk = new Desk({ columns: 30, rows: 20 });
    const hint = "The Quilt stack's name; every resource is named after it.";
    const { answer } = await desk.ask({ message: 'Name', hint, initial: 'acme' });
    expect(desk.screen.lines.slice(ABOVE.length)).toEqual([
      "  The Quilt stack's name;",
      '  every resource is named',
      '  after it.',
      '? Name › (acme)',
    ]);
    await desk.press(ENTER);
    expect(await answer).toBe('acme');
    await desk.settle();
    expect(desk.screen.lines).toEqual([...ABOVE, '✔ Name … acme']);
  });

  it('the screen shows a wrong answer with what is wrong with it, until it is mended', async () => {
    const desk = new Desk({ columns: 40, rows: 20 });
    const check = (text: string) => (text === 'acme' ? undefined : 'must be acme, the name of the only stack');
    const { answer } = await desk.ask({ message: 'Name', check });
    await desk.press(`Bad Name!${ENTER}x`);
    await desk.settle();
    expect(desk.screen.lines.slice(ABOVE.length)).toEqual([
      '  ✖ must be acme, the name of the only',
      '    stack',
      '? Name › Bad Name!x',
    ]);
    await desk.press(`${KEYS.ctrlU}acme${ENTER}`);
    expect(await answer).toBe('acme');
  });

  it.each([40, 80, 200])('the rows of an answered question end between words at %i columns', async (columns) => {
    const titles = [
      "a rule that this deployment adds to sg-0123: out to TCP 8000 of its tasks 漢字漢字 and 'nothing' else",
    ];
    for (const title of [...titles, "the caller's token is passed to the Quilt registry, which checks it"]) {
      const desk = new Desk({ columns, rows: 40 });
      const { answer } = await desk.ask(() =>
        desk.prompter.select({ message: 'Load balancer reaches the tasks by', choices: [{ value: 'one', title }] }),
      );
      await desk.press(ENTER);
      await answer;
      await desk.settle();
      const rows = desk.screen.lines.slice(ABOVE.length);
      const words = `✔ Load balancer reaches the tasks by … ${title}`.split(' ');
      expect(rows.flatMap((row) => row.trim().split(' '))).toEqual(words);
      for (const [index, row] of rows.entries()) {
        expect(widthOf(row)).toBeLessThan(columns);
        expect(row.startsWith('  ')).toBe(index > 0);
        // No row ends before its next word has no room.
        const next = rows[index + 1]?.trim().split(' ')[0];
        if (next !== undefined) expect(widthOf(`${row} ${next}`)).toBeGreaterThanOrEqual(columns);
      }
      expect(rows).toHaveLength(columns === 200 ? 1 : Math.max(2, rows.length));
    }
  });

  it.each([
    ['a last row that is full', `${ARN},`, ['  and  more']],
    ['a last row with room', `${ARN}, ${ARN}, and  more`, []],
  ])('an answer that is longer than a row is one piece, for the terminal to wrap: %s', async (_, first, rest) => {
    const desk = new Desk({ columns: 40, rows: 40 });
    const { answer } = await desk.ask({ message: 'Listeners' });
    await desk.press([first, ...rest.map((row) => row.trim())].join(' ') + ENTER);
    await answer;
    await desk.settle();
    expect(desk.screen.lines.slice(ABOVE.length)).toEqual([`✔ Listeners … ${first}`, ...rest]);
  });
});
