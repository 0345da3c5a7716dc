import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';

import { Cancelled } from '../../../src/interview/cancelled';
import { choosePrompter, linePrompter, type Prompter, terminalPrompter } from '../../../src/interview/prompter';
import { traitsOf } from '../../../src/interview/traits';

const CTRL_C = '\u0003';
const ESCAPE = '\u001B';
const DOWN = '\u001B[B';
const CHOICES = [
  { value: 'terraform', title: 'Terraform' },
  { value: 'cdk', title: 'CDK', disabled: 'is taken' },
  { value: 'other', title: 'Other' },
];
const isShort = (text: string) => (text.length > 5 ? 'must be short' : undefined);

/** Streams that stand in for a terminal, and what was written so far, as it reads. */
function streams() {
  const input = new PassThrough() as unknown as NodeJS.ReadStream & PassThrough;
  const output = new PassThrough() as unknown as NodeJS.WriteStream & PassThrough;
  output.columns = 100;
  let written = '';
  output.on('data', (chunk) => {
    written += chunk;
  });
  return { input, output, screen: () => stripVTControlCharacters(written) };
}

describe.each([
  ['terminal', terminalPrompter, '\r'],
  ['line', linePrompter, '\n'],
] as const)('%s prompter', (_, make, enter) => {
  function start(signal?: AbortSignal) {
    const { input, output, screen } = streams();
    return { input, screen, prompter: make(input, output, signal) as Prompter };
  }

  it(`${make.name} returns what is typed, and on Enter alone the initial answer`, async () => {
    const { input, screen, prompter } = start();
    prompter.section('1/3  Your Quilt stack');
    const first = prompter.text({ message: 'Name', hint: 'of the stack' });
    input.write(`acme${enter}`);
    expect(await first).toBe('acme');
    const second = prompter.text({ message: 'Region', initial: 'us-east-1' });
    input.write(enter);
    expect(await second).toBe('us-east-1');
    expect(screen()).toMatch(/1\/3 {2}Your Quilt stack.*of the stack.*Name.*Region.*us-east-1/s);
  });

  it(`${make.name} asks until the answer is one that it takes`, async () => {
    const { input, screen, prompter } = start();
    const answer = prompter.text({ message: 'Name', check: isShort });
    input.write(`too long${enter}`);
    await expect.poll(screen).toContain('must be short');
    input.write(make === terminalPrompter ? `${'\u007F'.repeat(4)}${enter}` : `too${enter}`);
    expect((await answer).trim()).toMatch(/^too/);
  });

  it(`${make.name} keeps what is typed ahead for the question that it is meant for`, async () => {
    const { input, prompter } = start();
    input.write(`one${enter}two${enter}${enter}four${enter}`);
    expect(await prompter.text({ message: 'First', check: isShort })).toBe('one');
    expect(await prompter.text({ message: 'Second', check: isShort })).toBe('two');
    expect(await prompter.select({ message: 'Third', choices: CHOICES, initial: 'other' })).toBe('other');
    expect(await prompter.text({ message: 'Fourth' })).toBe('four');
  });

  it(`${make.name} leaves what is typed ahead to the next prompter of the same terminal`, async () => {
    const { input, output } = streams();
    input.write(`one${enter}two${enter}`);
    expect(await make(input, output).text({ message: 'First' })).toBe('one');
    expect(await make(input, output).text({ message: 'Second' })).toBe('two');
  });

  it(`${make.name} begins a choice with one that can be taken`, async () => {
    const { input, prompter } = start();
    const answer = prompter.select({ message: 'Deploy with', choices: CHOICES.slice(1), initial: 'cdk' });
    input.write(enter);
    expect(await answer).toBe('other');
  });

  it(`${make.name} is cancelled by the end of the input, at once and ever after`, async () => {
    const { input, prompter } = start();
    const answer = prompter.text({ message: 'Name', initial: 'acme' });
    input.end();
    await expect(answer).rejects.toBeInstanceOf(Cancelled);
    await expect(prompter.select({ message: 'Deploy with', choices: CHOICES })).rejects.toBeInstanceOf(Cancelled);
  });

  it(`${make.name} is cancelled by a signal, at once and ever after`, async () => {
    const abort = new AbortController();
    const { prompter } = start(abort.signal);
    const answer = prompter.select({ message: 'Deploy with', choices: CHOICES });
    setTimeout(() => abort.abort(), 20);
    await expect(answer).rejects.toBeInstanceOf(Cancelled);
    await expect(prompter.text({ message: 'Name' })).rejects.toBeInstanceOf(Cancelled);
    const late = start(AbortSignal.abort());
    await expect(late.prompter.text({ message: 'Name' })).rejects.toBeInstanceOf(Cancelled);
  });

  it(`${make.name} listens while a question stands, and only then`, async () => {
    const { input, prompter } = start();
    expect(input.listenerCount('data')).toBe(0);
    const answer = prompter.text({ message: 'Name' });
    await expect.poll(() => input.listenerCount('data')).toBe(1);
    input.write(`acme${enter}`);
    await answer;
    expect([input.listenerCount('data'), input.listenerCount('end'), input.isPaused()]).toEqual([0, 0, true]);
  });
});

describe('terminal prompter', () => {
  it.each([
    ['Ctrl-C', CTRL_C],
    ['Ctrl-D', '\u0004'],
    ['Escape', ESCAPE],
  ])('the terminal prompter is cancelled by %s, also after something was typed', async (_, key) => {
    for (const before of ['', 'acm']) {
      const { input, output } = streams();
      const prompter = terminalPrompter(input, output);
      const answer = prompter.text({ message: 'Name', initial: 'acme' });
      input.write(before);
      setTimeout(() => input.write(key), 20);
      await expect(answer).rejects.toBeInstanceOf(Cancelled);
    }
  });

  it('the terminal prompter does not take a choice that is disabled', async () => {
    const { input, output, screen } = streams();
    const prompter = terminalPrompter(input, output);
    let answered = false;
    const answer = prompter.select({ message: 'Deploy with', choices: CHOICES });
    void answer.then(() => {
      answered = true;
    });
    await expect.poll(screen).toContain('CDK (is taken)');
    input.write(DOWN);
    await expect.poll(screen).toContain("can't be chosen");
    input.write('\r');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answered).toBe(false);
    input.write(DOWN);
    input.write('\r');
    expect(await answer).toBe('other');
  });

  it('the terminal prompter takes letters that arrive in halves, and every kind of line end', async () => {
    const { input, output } = streams();
    const prompter = terminalPrompter(input, output);
    const answer = prompter.text({ message: 'Owner' });
    const bytes = Buffer.from('Zoë\r\nnext\r');
    for (const byte of bytes) {
      input.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await answer).toBe('Zoë');
    const pasted = streams();
    const other = terminalPrompter(pasted.input, pasted.output);
    pasted.input.write('one\r\ntwo\r\n');
    expect([await other.text({ message: 'First' }), await other.text({ message: 'Second' })]).toEqual(['one', 'two']);
  });
});

describe('line prompter', () => {
  it('the line prompter numbers choices, and writes no control characters', async () => {
    const { input, output } = streams();
    let raw = '';
    output.on('data', (chunk) => {
      raw += chunk;
    });
    const prompter = linePrompter(input, output);
    input.write('2\n9\nCDK\n3\n');
    expect(await prompter.select({ message: 'Deploy with', hint: 'Read the table first.', choices: CHOICES })).toBe(
      'other',
    );
    expect(raw).toBe(
      [
        'Read the table first.',
        'Deploy with:',
        '  1. Terraform',
        "  2. CDK (can't be chosen: is taken)",
        '  3. Other',
        "Type a number from 1 to 3 (Enter for 1):   Not accepted: can't be chosen: is taken.",
        'Type a number from 1 to 3 (Enter for 1):   Not accepted: must be a number from 1 to 3.',
        'Type a number from 1 to 3 (Enter for 1):   Not accepted: must be a number from 1 to 3.',
        'Type a number from 1 to 3 (Enter for 1): ',
      ].join('\n'),
    );
  });
});

describe('choosePrompter', () => {
  it.each([
    ['redraws in a terminal', { TERM: 'xterm-256color' }, 100, true],
    ['writes lines where it cannot redraw', { TERM: 'dumb' }, 100, false],
    ['writes lines for a screen reader', { TERM: 'xterm', ACCESSIBLE: '1' }, 100, false],
    ['redraws where ACCESSIBLE says no', { TERM: 'xterm', ACCESSIBLE: '0' }, 100, true],
    ['writes lines where there is no width', { TERM: 'xterm' }, 0, false],
  ])('the prompter that is chosen %s', async (_, env, columns, redraws) => {
    const { input, output } = streams();
    output.columns = columns;
    let raw = '';
    output.on('data', (chunk) => {
      raw += chunk;
    });
    const prompter = choosePrompter(env, input, output);
    const answer = prompter.text({ message: 'Name' });
    input.write(redraws ? 'acme\r' : 'acme\n');
    expect(await answer).toBe('acme');
    expect(raw.includes('\u001B')).toBe(redraws);
  });
});

describe('the signs of prompts', () => {
  it.each([
    ['win32', { TERM: undefined }],
    ['win32', { TERM: 'xterm-256color' }],
    ['linux', { TERM: 'linux' }],
  ] as const)('the signs of prompts are in the font of a console: %s, %j', (platform, env) => {
    // Beyond ASCII, these are in code page 437.
    const { symbols } = traitsOf(env, platform);
    expect(Object.values(symbols).join('')).toMatch(/^[ -~√»]+$/);
  });

  it('the signs of prompts are typographic if fonts have them', () => {
    expect(traitsOf({ TERM: 'xterm-256color' }, 'darwin').symbols).toMatchObject({ done: '✔', asking: '›' });
  });
});

it('a terminal sends keys, and not lines, while a question of a second prompter stands', async () => {
  const { input, output, screen } = streams();
  let isRaw = false;
  Object.assign(input, {
    setRawMode: (raw: boolean) => {
      isRaw = raw;
    },
  });
  const first = terminalPrompter(input, output).text({ message: 'First' });
  input.write('one\r');
  await first;
  const second = terminalPrompter(input, output).text({ message: 'Second' });
  await expect.poll(screen).toContain('Second');
  expect(isRaw).toBe(true);
  input.write(ESCAPE);
  await expect(second).rejects.toBeInstanceOf(Cancelled);
  await expect.poll(() => isRaw).toBe(false);
});
