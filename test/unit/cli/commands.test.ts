import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { type Command, command, GROUPS } from '../../../src/cli/command';
import { parseLine } from '../../../src/cli/command-line';
import { COMMANDS } from '../../../src/cli/commands';
import { create } from '../../../src/cli/commands/create';
import type { Console } from '../../../src/cli/console';
import { dispatch } from '../../../src/cli/dispatch';
import { mainHelp } from '../../../src/cli/help';
import type { ParsedLine } from '../../../src/cli/job';
import { UsageError } from '../../../src/cli/usage-error';
import { tables } from '../../support/markdown';

const README = readFileSync(join(__dirname, '../../../README.md'), 'utf8');

/** Rows of README.md's first table whose header begins with a word, without the header. */
function tableOf(word: string): string[][] {
  const [, ...rows] = tables(README).find(([header]) => header![0] === word)!;
  return rows.map((cells) => cells.map((cell) => cell.replaceAll('\\|', '|')));
}

const optionsIn = (text: string) => [...text.matchAll(/(?<![\w-])--([a-z][a-z-]*)/g)].map(([, name]) => name!);

/** What a command writes, and how it ends. */
async function run(one: Command, args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  let said = '';
  const stdout = { write: (text: string) => (said += text) };
  const console = { stdout, stderr: stdout, env: {} } as unknown as Console;
  return { code: await dispatch(one, args, console, new AbortController().signal), said };
}

describe('the commands', () => {
  it("the commands of README.md's table are those that are declared, with their usage and help", () => {
    const shown = COMMANDS.filter(({ group }) => !GROUPS[group].hidden);
    const declared = shown.map(({ name, usage, help }) => [`\`${`${name} ${usage}`.trim()}\``, help]);
    expect(tableOf('command')).toEqual(declared);
  });

  it("the options of README.md's table are those of the main job", () => {
    const named = tableOf('option').flatMap(([option]) => optionsIn(option!));
    const others = ['version', 'all', 'help'];
    expect(named.sort()).toEqual(
      Object.keys(create.options)
        .filter((name) => !others.includes(name))
        .sort(),
    );
  });

  it.each(COMMANDS.map((one) => [one.name, one] as const))(
    'the command %s says in its own help what it is for, and each of its options, within 100 columns',
    async (name, one) => {
      const { code, said } = await run(one, ['--help']);
      expect(code).toBe(0);
      expect(said).toMatch(new RegExp(`^Usage: create-quilt-mcp-deploy ${name} `));
      expect([...said.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, option]) => option)).toEqual(Object.keys(one.options));
      expect(Math.max(...said.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
      expect(optionsIn(one.usage).filter((option) => !Object.hasOwn(one.options, option))).toEqual([]);
    },
  );

  it('the commands have names of their own, and none is called as a directory would be', () => {
    const names = COMMANDS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z][a-z-]*$/.test(name))).toEqual([]);
  });
});

describe('a group of commands', () => {
  const declare = (name: string, group: keyof typeof GROUPS) =>
    command({ name, group, usage: 'ENV', help: `does ${name}`, about: '', run: async () => 0 });
  const some = [declare('sync', 'repository'), declare('deploy', 'delivery'), declare('scan-image', 'workflows')];

  it('a group of commands that only workflows run is in the help of everything alone', () => {
    const first = mainHelp(create, some, false);
    expect(first).toMatch(/^ {2}sync ENV +does sync$/m);
    expect(first).toMatch(/^ {2}deploy ENV +does deploy$/m);
    expect(first).not.toContain('scan-image');
    expect(first).toContain('--help --all lists them');
    const everything = mainHelp(create, some, true);
    expect(everything).toMatch(/^ {2}scan-image ENV +does scan-image$/m);
    expect(everything).not.toContain('--help --all lists them');
  });

  it('a group of commands without one is not in the help', () => {
    const help = mainHelp(create, some.slice(0, 1), false);
    expect(help).not.toContain(GROUPS.delivery.title);
    expect(help).not.toContain('--help --all lists them');
  });
});

describe('a command that passes words on', () => {
  let line: ParsedLine<{ readonly wait: boolean; readonly env: string | undefined }> | undefined;
  const cdk = command({
    name: 'cdk',
    group: 'delivery',
    usage: 'ENV …',
    help: 'runs cdk',
    about: '',
    passesOn: true,
    options: { wait: { type: 'boolean', help: '' }, env: { type: 'string', value: 'NAME', help: '' } },
    run: async (given) => {
      line = given;
      return 0;
    },
  });

  it.each<[string, string[], string[]]>([
    ['an option with a value', ['deploy', 'A', '--require-approval', 'never'], []],
    ['an option with a value behind =', ['deploy', '--require-approval=never', 'A'], []],
    ['short options in one word', ['deploy', '-vf', 'A', '-c', 'x=y'], []],
    ['a flag between', ['deploy', '--strict', '-', 'A B'], []],
    ['nothing', [], []],
    ['its own options among them', ['deploy', '--wait', '--all', '--env', 'dev', 'A'], ['deploy', '--all', 'A']],
    ['all behind a double dash', ['deploy', '--', '--help', '--wait', '-x'], ['deploy', '--help', '--wait', '-x']],
  ])('a command that passes words on gets them as typed and in order: %s', async (_, args, passed) => {
    await run(cdk, args);
    expect(line?.positionals).toEqual(passed.length === 0 ? args : passed);
  });

  it('a command that passes words on gets its own options, and checks them', async () => {
    await run(cdk, ['deploy', '--wait', '--env=dev', '--all']);
    expect(line?.values).toMatchObject({ wait: true, env: 'dev' });
    await expect(run(cdk, ['--wait=no'])).rejects.toThrow(UsageError);
    await expect(run(cdk, ['deploy', '--env'])).rejects.toThrow('--env needs a value: --env NAME');
  });

  it.each<[string, string[], string | undefined]>([
    ['all words', ['dev', '--why', 'a', '--wait', '-x b', '--help'], 'a --wait -x b --help'],
    ['one word behind =', ['dev', '--why=a'], 'a'],
    ['no word', ['dev', '--why'], ''],
    ['nothing of it', ['dev'], undefined],
  ])('an option that takes all words after it gets %s, as typed', (_, args, why) => {
    const options = { why: { type: 'string', value: 'REASON', rest: true, help: '' } } as const;
    const read = parseLine({ name: 'x', options }, args, {});
    expect([read.positionals, read.values.why]).toEqual([['dev'], why]);
  });

  it('a command that passes no words on refuses an option that it does not declare', () => {
    const strict = { ...cdk, passesOn: false };
    expect(() => parseLine(strict, ['--all'], {})).toThrow('--all is not an option of cdk');
  });
});
