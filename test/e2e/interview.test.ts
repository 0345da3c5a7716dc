import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANSWERS_FILE } from '../../src/config/answers-file';
import { exampleAnswers } from '../../src/config/example';
import { isObject, type PlainObject, valueAt, withValue } from '../../src/config/paths';
import type { Answers } from '../../src/config/repository';
import { interview } from '../../src/interview/interview';
import type { Prompter, SelectPrompt } from '../../src/interview/prompter';
import { readConfig } from '../../src/model/resolve';
import { COMMAND } from '../support/command';
import { HANG_MS } from '../support/machine.mjs';
import { KEYS, Terminal } from '../support/pty';
import { withWholeAnswers } from '../support/screen';

/** A question of the interview as whoever sits at the terminal meets it. */
interface Step {
  readonly name: string;
  readonly message: string;
  /** What stands beside it once it is answered. */
  readonly answer: string;
  /** The answers before it. */
  readonly given: PlainObject;
  /** What is typed to answer it, in a terminal and as a line. */
  readonly keys: string;
  readonly line: string;
}

/** A domain and a path, one shared repository: every question is asked. */
function wantedAnswers(): Answers {
  const registry = { scope: 'shared', account: '111122223333', region: 'us-east-1' } as const;
  const { dev, production } = exampleAnswers().environments;
  const decisions = {
    deployment: { strategy: 'rolling' as const },
    cors: { allowedOrigins: ['https://app.example.com'] },
    logs: { retention: 90, kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/0123' },
    permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
    deliveryBoundaryArn: 'arn:aws:iam::111122223333:policy/delivery',
  };
  return {
    ...exampleAnswers(),
    environments: {
      dev: {
        ...dev!,
        ...decisions,
        registry,
        routing: {
          mode: 'domain',
          host: 'mcp-dev.example.com',
          hostedZoneId: 'Z0123456789ABCDEFGHIJ',
          certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0123',
          priority: 200,
        },
        network: { ...dev!.network, albDnsName: 'quilt-dev.elb.amazonaws.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' },
      },
      production: { ...production!, ...decisions, registry },
    },
  };
}

/** Every question that is asked on the way to these answers. */
async function stepsTo(wanted: Answers): Promise<Step[]> {
  const steps: Step[] = [];
  let given: PlainObject = {};
  const wantedAt = (name: string) => {
    const value = valueAt(wanted, name.split('.'));
    return { value, text: [isObject(value) ? (value.create ?? Object.keys(value)) : value].flat().join(', ') };
  };
  const answer = (name: string) => {
    const { value } = wantedAt(name);
    const isKeys = name === 'environments' && isObject(value);
    given = withValue(
      given,
      name.split('.'),
      isKeys ? Object.fromEntries(Object.keys(value).map((key) => [key, {}])) : value,
    );
  };
  const prompter: Prompter = {
    keys: '',
    say: () => {},
    table: () => {},
    section: () => {},
    text: async ({ name, message }) => {
      const { text } = wantedAt(name!);
      steps.push({ name: name!, message, answer: text, given, keys: text + KEYS.enter, line: `${text}\r` });
      answer(name!);
      return text;
    },
    select: async ({ name, message, choices, initial }: SelectPrompt) => {
      const { text } = wantedAt(name!);
      const indexOf = (value: string | undefined) => choices.findIndex((choice) => choice.value === value);
      // What is not offered is typed after the last choice.
      const index = indexOf(text) < 0 ? choices.length - 1 : indexOf(text);
      const down = (index - Math.max(0, indexOf(initial)) + choices.length) % choices.length;
      const [keys, line] = [KEYS.down.repeat(down) + KEYS.enter, `${index + 1}\r`];
      steps.push({ name: name!, message, answer: choices[index]!.title, given, keys, line });
      if (choices[index]!.value === text) {
        answer(name!);
      }
      return choices[index]!.value;
    },
  };
  await interview({ given: {}, source: 'test', prompter });
  return steps;
}

describe('the interview in a terminal', async () => {
  const steps = await stepsTo(wantedAnswers());
  let root: string;
  const terminals: Terminal[] = [];

  beforeAll(() => {
    if (!existsSync(COMMAND)) {
      throw new Error(`${COMMAND} is not there: run npx projen compile`);
    }
    root = mkdtempSync(join(tmpdir(), 'interview-'));
  });

  afterAll(() => {
    for (const terminal of terminals) {
      terminal.kill();
    }
    rmSync(root, { recursive: true, force: true });
  });

  /** Runs the command in an empty folder. */
  function start(given: PlainObject, env: NodeJS.ProcessEnv = {}, more: readonly string[] = [], columns = 120) {
    const folder = join(root, `run-${terminals.length}`);
    const cwd = join(folder, 'work');
    mkdirSync(cwd, { recursive: true });
    const config = join(folder, 'answers.json');
    writeFileSync(config, JSON.stringify(given));
    const args = [COMMAND, 'demo', '--config', config, '--no-install', '--no-git', ...more];
    const terminal = new Terminal(process.execPath, args, { cwd, env, columns });
    terminals.push(terminal);
    return { cwd, terminal };
  }

  /** What a person sees of the questions: each once, with its answer, and nothing that waits for one. */
  async function expectTranscript(terminal: Terminal, expected: readonly Step[]): Promise<void> {
    const { lines } = await terminal.screen();
    expect(withWholeAnswers(lines).filter((line) => /^[✔✖?]/.test(line))).toEqual([
      ...expected.map(({ message, answer }) => `✔ ${message} … ${answer}`),
      expect.stringMatching(/^✔ What now\? … (write|show the) \d+ files/),
    ]);
    expect(lines.filter((line) => /^ {2}\d\/4/.test(line))).toHaveLength(4);
  }

  /** Takes the first choice of the review: to write. */
  async function accept(terminal: Terminal): Promise<void> {
    await terminal.see('? What now?');
    terminal.press(KEYS.enter);
  }

  /** Goes back from the review to the last question, answers it, and has the repository written. */
  async function answerAgain(run: ReturnType<typeof start>, message: string, keys: string): Promise<void> {
    run.terminal.press(KEYS.shiftTab);
    await run.terminal.see(`? ${message} › (first)`);
    run.terminal.press(keys);
    await accept(run.terminal);
    await expectRepository(run);
  }

  /** What is expected of every way to stop. */
  async function expectNothing({ cwd, terminal }: ReturnType<typeof start>): Promise<void> {
    expect(await terminal.ended).toBe(1);
    expect(terminal.output).toMatch(/cancelled, nothing written\s*$/);
    expect(readdirSync(cwd)).toEqual([]);
  }

  async function expectRepository({ cwd, terminal }: ReturnType<typeof start>): Promise<void> {
    expect([await terminal.ended, terminal.output]).toEqual([0, expect.stringContaining('cd demo')]);
    expect(readdirSync(cwd)).toEqual(['demo']);
    const answers = JSON.parse(readFileSync(join(cwd, 'demo', ANSWERS_FILE), 'utf8'));
    const typed = steps.map(({ name }) => name.split('.')).filter(([head]) => head !== 'environments');
    expect(typed.map((path) => valueAt(answers, path))).toEqual(typed.map((path) => valueAt(wantedAnswers(), path)));
    expect(readConfig(answers, 'test').environments).toMatchObject({
      dev: { routing: wantedAnswers().environments.dev!.routing, network: wantedAnswers().environments.dev!.network },
      production: { registry: wantedAnswers().environments.production!.registry },
    });
  }

  it('the interview in a terminal is answered to the end', async () => {
    const run = start({});
    for (const { message, keys } of steps) {
      await run.terminal.see(`? ${message}`);
      run.terminal.press(keys);
    }
    await accept(run.terminal);
    await expectRepository(run);
    await expectTranscript(run.terminal, steps);
    expect(run.terminal.output).toMatch(
      /1\/4 {2}This repository.*2\/4 {2}Environments.*production.*3\/4 {2}Names, images and workflows.*4\/4 {2}Review/s,
    );
  });

  it('the interview in a terminal is answered by one paste', async () => {
    const run = start({});
    await run.terminal.see(`? ${steps[0]!.message}`);
    // Nobody has seen the review when the paste ends with one Enter more.
    run.terminal.press(steps.map(({ keys }) => keys).join('') + KEYS.enter);
    await accept(run.terminal);
    await expectRepository(run);
    await expectTranscript(run.terminal, steps);
  });

  it('the interview in a terminal writes nothing by an Enter that was pressed before its review', async () => {
    const run = start({});
    await run.terminal.see(`? ${steps[0]!.message}`);
    run.terminal.press(steps.map(({ keys }) => keys).join('') + KEYS.enter.repeat(2));
    await run.terminal.see('? What now?');
    run.terminal.press(KEYS.down.repeat(3) + KEYS.enter);
    await expectNothing(run);
  });

  it.each([
    [20, undefined],
    [40, '1'],
    [80, undefined],
    [200, undefined],
  ])(
    'the interview prints no line twice at %i columns and with NO_COLOR=%s, whatever is typed on the way',
    async (columns, NO_COLOR) => {
      const run = start({}, { NO_COLOR }, ['--dry-run'], columns);
      for (const { message, keys } of steps) {
        await run.terminal.see(`? ${message}`);
        if (keys.length > 10 && !keys.includes('\u001B')) {
          run.terminal.press(`Bad ${'answer 漢字 '.repeat(12)}!${KEYS.enter}`);
          await run.terminal.see('!');
          run.terminal.press(KEYS.ctrlU);
        }
        run.terminal.press(keys);
      }
      await accept(run.terminal);
      expect(await run.terminal.ended).toBe(0);
      await expectTranscript(run.terminal, steps);
      expect(run.terminal.raw.includes('\u001B[1m')).toBe(NO_COLOR === undefined);
    },
  );

  it('the interview keeps its place when the window becomes narrower and wider while an answer is typed', async () => {
    const { name: _, ...given } = wantedAnswers();
    const message = 'Name';
    const run = start(given as PlainObject);
    await run.terminal.see(`? ${message}`);
    run.terminal.press(`an answer that is far too long for a name ${KEYS.enter}`);
    await run.terminal.see('must be');
    for (const columns of [30, 100]) {
      await run.terminal.resize(columns);
      await run.terminal.see(`? ${message} › an answer that is far too long for a name`);
      const text = (await run.terminal.screen()).lines.join('').replace(/\s/g, '');
      expect(text.match(/answerthatisfartoolongforaname/g)).toHaveLength(1);
      expect(text.match(/\?Name/g)).toHaveLength(1);
    }
    run.terminal.press(KEYS.ctrlC);
    await expectNothing(run);
  });

  it('the interview is answered line by line if the terminal cannot redraw', async () => {
    const run = start({}, { TERM: 'dumb' });
    for (const { message, line } of steps) {
      await run.terminal.see(message);
      run.terminal.press(line);
    }
    await run.terminal.see('What now?');
    run.terminal.press('1\r');
    await expectRepository(run);
    expect(run.terminal.raw).not.toContain('\u001B');
  });

  it('the interview asks again if what is typed is no answer', async () => {
    const { name: _, ...given } = wantedAnswers();
    const run = start(given as PlainObject);
    await run.terminal.see('? Name');
    run.terminal.press(`Acme${KEYS.enter}`);
    await run.terminal.see('must be 1 to 20 lower-case letters');
    run.terminal.press(KEYS.ctrlC);
    await expectNothing(run);
  });

  it('the interview keeps stdout for the summary with --json', async () => {
    const [last] = steps.slice(-1);
    const run = start(last!.given, {}, ['--json']);
    await run.terminal.see(`? ${last!.message}`);
    run.terminal.press(last!.keys);
    await accept(run.terminal);
    expect([await run.terminal.ended, run.terminal.output]).toEqual([
      0,
      expect.stringContaining('"target": "terraform"'),
    ]);
  });

  it('the interview goes back from each question to the one before, and keeps its answer', async () => {
    const run = start({}, {}, ['--dry-run']);
    for (const [index, { name, message, keys }] of steps.entries()) {
      await run.terminal.see(`? ${message}`);
      const [before, earlier] = [steps[index - 1], steps[index - 2]];
      // One answer may be a choice, after which it is typed.
      if (before && before.name !== name && before.name !== earlier?.name) {
        run.terminal.press(KEYS.shiftTab);
        await run.terminal.see(`? ${before.message}`);
        run.terminal.press(KEYS.enter);
        await run.terminal.see(`? ${message}`);
      }
      run.terminal.press(keys);
    }
    await accept(run.terminal);
    expect(await run.terminal.ended).toBe(0);
    const lines = withWholeAnswers((await run.terminal.screen()).lines);
    for (const { message, answer } of steps) {
      expect(lines).toContain(`✔ ${message} … ${answer}`);
    }
  });

  it('the review changes any answer, shows where each came from, and goes back', async () => {
    const { given, message, keys } = steps.at(-1)!;
    const run = start(given, {}, ['--set', 'environments.dev.routing.mode=domain']);
    await run.terminal.see(`? ${message}`);
    run.terminal.press(`first${KEYS.enter}`);
    await run.terminal.see('? What now?');
    run.terminal.press(KEYS.down.repeat(2) + KEYS.enter);
    await run.terminal.see('first (your answer)');
    await run.terminal.see('? What now?');
    run.terminal.press(KEYS.down + KEYS.enter);
    await run.terminal.see('? Change an answer of');
    run.terminal.press(KEYS.enter);
    await run.terminal.see(`${message}: first`);
    run.terminal.press(KEYS.shiftTab);
    await run.terminal.see('? Change an answer of');
    run.terminal.press(KEYS.shiftTab);
    await run.terminal.see('? What now?');
    await answerAgain(run, message, keys);
  });

  it('the review is cancelled, and then there is nothing to resume', async () => {
    const { given, message, keys } = steps.at(-1)!;
    const run = start(given);
    await run.terminal.see(`? ${message}`);
    run.terminal.press(keys);
    await run.terminal.see('? What now?');
    run.terminal.press(KEYS.down.repeat(3) + KEYS.enter);
    await expectNothing(run);
    expect(run.terminal.output).not.toContain('--resume');
  });

  it('an interview that is interrupted is resumed where it was, without what an option gave', async () => {
    const XDG_STATE_HOME = join(root, 'state');
    const secret = 'environments.dev.environment.SOME_SETTING=only-here';
    const [first, second, third, fourth] = steps;
    const cut = start({}, { XDG_STATE_HOME }, ['--set', secret]);
    for (const { message, keys } of [first!, second!]) {
      await cut.terminal.see(`? ${message}`);
      cut.terminal.press(keys);
    }
    // --set names the environment, so that the question for names is none.
    await cut.terminal.see(`? ${fourth!.message}`);
    cut.terminal.press(KEYS.ctrlC);
    await expectNothing(cut);
    expect(cut.terminal.output).toContain('Your answers for demo are kept: --resume goes on with them.');
    const [file] = readdirSync(join(XDG_STATE_HOME, 'create-quilt-mcp-deploy'));
    const kept = readFileSync(join(XDG_STATE_HOME, 'create-quilt-mcp-deploy', file!), 'utf8');
    expect(kept).toContain(second!.answer);
    expect(kept).not.toContain('only-here');

    const told = start({}, { XDG_STATE_HOME });
    await told.terminal.see('--resume goes on with it');
    await told.terminal.see(`? ${first!.message}`);
    told.terminal.press(KEYS.ctrlC);
    await expectNothing(told);
    expect(told.terminal.output).not.toContain('are kept');

    const run = start({}, { XDG_STATE_HOME }, ['--resume']);
    await run.terminal.see(`? ${third!.message}`);
    expect(run.terminal.output).not.toContain(`? ${second!.message}`);
    run.terminal.press(KEYS.shiftTab);
    await run.terminal.see(`? ${second!.message} › (${second!.answer})`);
    run.terminal.press(KEYS.enter);
    for (const { message, keys } of steps.slice(2)) {
      await run.terminal.see(`? ${message}`);
      run.terminal.press(keys);
    }
    await accept(run.terminal);
    await expectRepository(run);
    expect(readdirSync(join(XDG_STATE_HOME, 'create-quilt-mcp-deploy'))).toEqual([]);
    const nothing = start({}, { XDG_STATE_HOME }, ['--resume']);
    expect(await nothing.terminal.ended).toBe(2);
    expect(nothing.terminal.output).toContain('no interview was interrupted');
  });

  it('an interview that is resumed holds the options of its first start, and one that ended with --dry-run is not kept', async () => {
    const XDG_STATE_HOME = join(root, 'state-of-options');
    const { given, message, keys } = steps.at(-1)!;
    const cut = start(given, { XDG_STATE_HOME }, ['--set', 'environments.dev.routing.mode=domain']);
    await cut.terminal.see(`? ${message}`);
    cut.terminal.press(`first${KEYS.enter}`);
    await cut.terminal.see('? What now?');
    cut.terminal.press(KEYS.ctrlC);
    await expectNothing(cut);
    const resume = () => {
      const config = join(cut.cwd, '..', 'answers.json');
      const args = [COMMAND, 'demo', '--resume', '--config', config];
      const terminal = new Terminal(process.execPath, args, { cwd: cut.cwd, env: { XDG_STATE_HOME }, columns: 120 });
      terminals.push(terminal);
      return { cwd: cut.cwd, terminal };
    };
    const run = resume();
    await run.terminal.see('These options of its first start hold: --no-install, --no-git.');
    await run.terminal.see('are not kept: --set.');
    await run.terminal.see('? What now?');
    await answerAgain(run, message, keys);
    for (const step of ['node_modules', '.git']) expect(existsSync(join(cut.cwd, 'demo', step))).toBe(false);

    const dry = start(given, { XDG_STATE_HOME }, ['--dry-run']);
    await dry.terminal.see(`? ${message}`);
    dry.terminal.press(keys);
    await accept(dry.terminal);
    expect([await dry.terminal.ended, readdirSync(dry.cwd)]).toEqual([0, []]);
    expect(readdirSync(join(XDG_STATE_HOME, 'create-quilt-mcp-deploy'))).toEqual([]);
  });

  describe.concurrent('is cancelled at each question', () => {
    it.each(steps.map((step, index) => [step.name, index] as const))(
      'the interview is cancelled at the question %s',
      async (name, index) => {
        const { message, given } = steps[index]!;
        const before = steps[index - 1]!;
        // A certificate is not asked for if a hosted zone was given, only if it was typed; a registry after "another".
        const typesFirst = name.endsWith('certificateArn') || name === before?.name;
        const run = start(typesFirst ? before.given : given);
        if (typesFirst) {
          await run.terminal.see(`? ${before.message}`);
          run.terminal.press(before.keys);
        }
        await run.terminal.see(`? ${message}`);
        run.terminal.press(KEYS.ctrlC);
        await expectNothing(run);
      },
    );
  });

  describe.concurrent('is cancelled', () => {
    const some = [0, 1, steps.length - 1].map((index) => steps[index]!);

    it.each(some.map((step) => [step.name, step] as const))(
      'the interview is cancelled by Ctrl-D and by Escape at %s',
      async (_, step) => {
        for (const key of [KEYS.ctrlD, KEYS.escape]) {
          const run = start(step.given);
          await run.terminal.see(`? ${step.message}`);
          run.terminal.press(key);
          await expectNothing(run);
        }
      },
    );

    it.each(some.map((step) => [step.name, step] as const))(
      'the interview line by line is cancelled by Ctrl-C and by Ctrl-D at %s',
      async (_, step) => {
        for (const key of [KEYS.ctrlC, KEYS.ctrlD]) {
          const run = start(step.given, { ACCESSIBLE: '1' });
          await run.terminal.see(step.message);
          run.terminal.press(key);
          await expectNothing(run);
        }
      },
    );

    it.each([{}, { ACCESSIBLE: '1' }])(
      'the interview is cancelled by the end of the terminal, with the variables %j',
      async (env) => {
        const { cwd, terminal } = start(some[2]!.given, env);
        await terminal.see(some[2]!.message);
        terminal.hangUp();
        await expect.poll(() => terminal.isRunning, { timeout: HANG_MS }).toBe(false);
        expect(readdirSync(cwd)).toEqual([]);
      },
    );
  });
});
