import { describe, expect, it } from 'vitest';

import { COMMANDS } from '../../../src/cli/commands';
import { conventions } from '../../../src/cli/commands/conventions';
import { create } from '../../../src/cli/commands/create';
import type { Console } from '../../../src/cli/console';
import { diff, show } from '../../../src/cli/conventions';
import { dispatch } from '../../../src/cli/dispatch';
import { mainHelp } from '../../../src/cli/help';
import { wrap } from '../../../src/cli/text-blocks';
import { UsageError } from '../../../src/cli/usage-error';
import { CATALOGUE, isAlternative, LATEST, STEPS, stepsBetween } from '../../../src/conventions';
import { difference } from '../../../src/conventions/difference';
import { ANSWER_OF, RESOURCES } from '../../../src/conventions/labels';
import { BARE, FULL } from '../../support/conventions';

const IDS = CATALOGUE.map(({ id }) => id);
const PAIRS = IDS.flatMap((a) => IDS.map((b) => [a, b] as const));
const [FIRST, LAST] = [IDS[0]!, IDS.at(-1)!];

/** What the command writes, in a terminal of so many columns; undefined is no terminal. */
async function output(args: readonly string[], columns?: number): Promise<string> {
  let written = '';
  const stdout = {
    columns,
    on: () => stdout,
    write: (text: string) => {
      written += text;
      return true;
    },
  };
  const code = await dispatch(
    conventions,
    args,
    { stdout, env: {} } as unknown as Console,
    new AbortController().signal,
  );
  expect(code).toBe(0);
  return written;
}

const json = async (...args: string[]) => JSON.parse(await output([...args, '--json']));
/** Without the line breaks of a terminal. */
const flat = (text: string) => text.replace(/\s+/g, ' ');

/** Every text and number of a tree, with its key. */
function leaves(tree: unknown, key = ''): { readonly key: string; readonly value: string }[] {
  return typeof tree === 'object' && tree !== null
    ? Object.entries(tree).flatMap(([name, inner]) => leaves(inner, Array.isArray(tree) ? key : name))
    : [{ key, value: String(tree) }];
}

/** What a leaf is called where a person reads it. */
function shown({ key, value }: { readonly key: string; readonly value: string }): string | undefined {
  const words: Readonly<Record<string, (value: string) => string | undefined>> = {
    // What they mean is said in other words.
    byDefault: () => undefined,
    hasCurl: () => undefined,
    stateful: () => undefined,
    fails: () => undefined,
    publicSecret: () => undefined,
    seen: () => undefined,
    kind: (kind) => (kind === 'emitted' ? undefined : kind),
    defaultVersion: (version) => (version === 'null' ? undefined : version),
    versions: () => undefined,
    on: (on) => RESOURCES[on as keyof typeof RESOURCES],
    from: (from) => ANSWER_OF[from as keyof typeof ANSWER_OF] ?? from,
  };
  return words[key] ? words[key](value) : value;
}

describe('conventions', () => {
  it('conventions lists every generation, with what it is in short', async () => {
    const text = await output([]);
    for (const { id, title, versions } of CATALOGUE) {
      expect(text).toMatch(new RegExp(`^${id} `, 'm'));
      expect(flat(text)).toContain(title.split(' ')[0]);
      expect(text).toContain(versions ? `>=${versions.from}` : 'none');
    }
    expect(text).toMatch(new RegExp(`^${LATEST.id} .* default `, 'm'));
    expect(text.match(/ default /g)).toHaveLength(1);
    expect(await output(['list'])).toBe(text);
  });

  it('conventions takes at most two lines for each generation in a terminal of 80 columns, and its help fits there', async () => {
    const [table] = (await output([], 80)).split('\n\n');
    const lines = table!.split('\n').slice(1);
    const begins = lines.flatMap((line, index) => (/^\S/.test(line) ? [index] : []));
    const heights = begins.map((begin, index) => (begins[index + 1] ?? lines.length) - begin);
    expect(heights).toHaveLength(CATALOGUE.length);
    expect(Math.max(...heights)).toBeLessThanOrEqual(2);
    const help = await output(['--help'], 80);
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('conventions lists the same as JSON', async () => {
    const listed = await json();
    expect(listed.default).toBe(LATEST.id);
    expect(listed.conventions.map(({ id }: { id: string }) => id)).toEqual(IDS);
    expect(listed.conventions.find(({ id }: { id: string }) => id === LATEST.id)).toMatchObject({
      title: LATEST.title,
      status: 'default',
      versions: LATEST.versions,
      dates: LATEST.dates,
    });
  });
});

describe('conventions show', () => {
  it.each([...CATALOGUE, BARE, FULL])('conventions show $id says all there is of it, and of its steps', (entry) => {
    const text = flat(show(entry).text(100));
    const steps = STEPS.filter(({ from, to }) => [from, to].includes(entry.id));
    const wanted = [entry, ...steps].flatMap((tree) => leaves(tree).map(shown));
    expect(wanted.filter((leaf) => leaf !== undefined && !text.includes(flat(leaf)))).toEqual([]);
    for (const { from, to } of steps) {
      expect(text).toContain(
        isAlternative(to) ? `Another way out, from ${from} to ${to}` : `Step from ${from} to ${to}`,
      );
    }
  });

  it.each(CATALOGUE)('conventions show $id says the same as JSON', async (entry) => {
    expect(await output(['show', entry.id])).toBe(`${show(entry).text(100)}\n`);
    const { conventions: said, stepsTo, stepsFrom } = await json('show', entry.id);
    expect(said).toEqual(entry);
    expect(stepsTo).toEqual(STEPS.filter(({ to }) => to === entry.id));
    expect(stepsFrom).toEqual(STEPS.filter(({ from }) => from === entry.id));
  });
});

describe('conventions show, of another way out', () => {
  const [way] = STEPS.filter(({ to }) => isAlternative(to));

  it('conventions show of the newest generation names the way out, and not as what follows', async () => {
    const text = flat(await output(['show', LATEST.id]));
    expect(text).toContain(`Another way out, from ${LATEST.id} to ${way!.to}`);
    expect(text).not.toContain(`Step from ${LATEST.id} to ${way!.to}`);
  });

  // Source: release notes of the Quilt platform, 1.68 (2026-03-03), 1.70 and 1.71.
  it('conventions show g4 says who needs no deployment of ours, and how they get at the server', async () => {
    const text = flat(await output(['show', 'g4']));
    expect(text).toContain('Who has it needs no deployment of ours.');
    for (const word of ['1.68', 'Connect', 'ConnectAllowedHosts', 'PlatformMcpServerUrl', 'only speak OAuth', 'DCR']) {
      expect(text).toContain(word);
    }
    expect(text).toMatch(/ChatGPT, Databricks and Codex from 1\.70 on/);
    expect(text).toMatch(/from 1\.71 on, the load balancer of Connect takes the scheme/);
    expect(text).toMatch(/CertificateArnConnect, or empty for the main certificate/);
    expect(text).toMatch(/alternative: what somebody may have in place of a deployment/);
  });
});

describe('conventions diff', () => {
  it.each(PAIRS)('conventions diff %s %s says each difference, and each step on the way', async (a, b) => {
    const [one, other] = [a, b].map((id) => CATALOGUE.find((entry) => entry.id === id)!);
    const text = flat(await output(['diff', a, b]));
    for (const { kind, name } of difference(one!, other!)) {
      expect(text).toContain(flat(`${{ added: '+', removed: '-', changed: '~' }[kind]} ${name}`));
    }
    for (const step of [...stepsBetween(a, b), ...stepsBetween(b, a)]) {
      expect(text).toContain(flat(step.goBack));
    }
    for (const step of stepsBetween(a, b)) {
      const said = [step.why, ...step.rollOut, ...step.changes.map(({ why }) => why), step.noRest ?? ''];
      expect(said.filter((part) => !text.includes(flat(part)))).toEqual([]);
    }
  });

  it.each(PAIRS)('conventions diff %s %s says the same as JSON', async (a, b) => {
    const [one, other] = [a, b].map((id) => CATALOGUE.find((entry) => entry.id === id)!);
    const { differences, direction, steps } = await json('diff', a, b);
    expect(differences).toEqual(difference(one!, other!));
    const [forward, back] = [stepsBetween(a, b), stepsBetween(b, a)];
    expect(direction).toBe(forward.length > 0 ? 'forward' : back.length > 0 ? 'backward' : 'none');
    expect(steps).toEqual([...forward, ...[...back].reverse()]);
  });

  it('conventions diff says that the steps lead the other way, and how each is taken back', async () => {
    const back = flat(await output(['diff', LAST, FIRST]));
    expect(back).toContain(`They lead the other way, from ${FIRST} to ${LAST}.`);
    expect(back).not.toContain('Roll-out');
    expect(flat(await output(['diff', FIRST, LAST]))).not.toContain('the other way');
  });

  it('conventions diff says so if no step leads there', () => {
    expect(diff(BARE, FULL).text(100)).toContain('None leads from g9z to g9y, or back.');
    expect(diff(FULL, BARE).text(100)).toContain('- It | leaks');
  });

  it('conventions diff says that nothing moves from a generation to itself', async () => {
    expect(await output(['diff', FIRST, FIRST])).toBe(
      `From ${FIRST} to ${FIRST}: the changes for a deployment\n  Nothing.\n`,
    );
  });
});

describe('the text', () => {
  const ALL = [[], ...IDS.map((id) => ['show', id]), ...PAIRS.map(([a, b]) => ['diff', a, b]), ['--help']];

  it.each([undefined, 60, 80, 100, 200])('conventions fits a terminal of %s columns, and 100', async (columns) => {
    const width = Math.min(columns ?? 100, 100);
    for (const args of ALL) {
      const lines = (await output(args, columns)).split('\n');
      // What is longer is one word, or a table's first columns.
      const tooLong = lines.filter((line) => line.length > width && !/^(\s*\S{30,}|.*\s{2}\S+)$/.test(line));
      expect(args.includes('--help') && width < 100 ? [] : tooLong, args.join(' ')).toEqual([]);
    }
  });

  it('the text of conventions has no space at the end of a line, and no two empty lines', async () => {
    for (const args of ALL) {
      const text = await output(args);
      expect(text).not.toMatch(/[ \t]$/m);
      expect(text).not.toMatch(/\n\n\n/);
      expect(text).not.toMatch(/undefined|\[object|NaN|null/);
      expect(text).toMatch(/[^\n]\n$/);
    }
  });

  it('the text of conventions is wrapped at spaces, and never loses a word', () => {
    expect(wrap('a bb ccc dddd', 6, '- ', '  ')).toEqual(['- a bb', '  ccc', '  dddd']);
    expect(wrap('x https://example.com/a/long/one y', 10)).toEqual(['x', 'https://example.com/a/long/one', 'y']);
    expect(wrap('', 10, '- ')).toEqual(['-']);
  });
});

describe('wrong input', () => {
  const cases: [string, string[], RegExp][] = [
    ['an action that is not there', ['shwo', LAST], /conventions has no shwo; did you mean conventions show\?/],
    ['an action like no other', ['frobnicate'], /it has list, show and diff/],
    ['a generation in place of an action', [LAST], new RegExp(`did you mean conventions show ${LAST}\\?`)],
    ['an id that is mistyped', ['show', `${LATEST.id}x`], new RegExp(`did you mean ${LATEST.id}\\?`)],
    ['an id that is like no other', ['show', 'generation'], /are not known; there are /],
    ['a version of the server', ['show', LATEST.versions!.from], new RegExp(`did you mean ${LATEST.id}\\?`)],
    ['a name that every object has', ['show', 'constructor'], /conventions constructor are not known/],
    ['an action of this name', ['constructor'], /conventions has no constructor/],
    ['show without an id', ['show'], /conventions show takes ID, and got nothing/],
    ['show with two', ['show', FIRST, LAST], /conventions show takes ID, and got /],
    ['diff with one', ['diff', FIRST], /conventions diff takes A and B, and got /],
    ['list with one', ['list', FIRST], /conventions list takes nothing, and got /],
    ['an option of the main job', ['--yes'], /--yes is not an option of conventions/],
    ['another of them', ['show', FIRST, '--config', 'a.json'], /--config is not an option of conventions/],
    ['an option that is mistyped', ['--jsno'], /--jsno is not an option of conventions; did you mean --json\?/],
    ['a flag with a value', ['--json=yes'], /--json takes no value/],
  ];

  it.each(cases)('conventions refuses %s', async (_, args, message) => {
    const error = await output(args).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(message);
  });
});

describe('the help', () => {
  it('the help of the command names conventions', () => {
    const help = mainHelp(create, COMMANDS, false);
    expect(help).toMatch(/^ {2}conventions \[show ID \| diff A B\] {2,}\S/m);
    expect(help.match(/^ {2}conventions .*/m)![0].length).toBeLessThanOrEqual(100);
  });

  it('the help of conventions names its actions and options, and nothing of the main job', async () => {
    const help = await output(['--help']);
    expect(help).toMatch(/^Usage: create-quilt-mcp-deploy conventions /);
    for (const part of ['show ID', 'diff A B', '--json', '--help']) {
      expect(help).toContain(part);
    }
    expect(help).not.toContain('--yes');
    expect(await output(['show', '--help'])).toBe(help);
  });
});
