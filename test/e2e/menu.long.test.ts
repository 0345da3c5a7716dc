import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { COMMAND, runCommand } from '../support/command';
import { DECISIONS_ASKED } from '../support/decisions-asked';
import { NO_REGISTRY, treeOf } from '../support/emitted';
import { linkPackages } from '../support/installed';
import { KEYS, Terminal } from '../support/pty';

/** What an environment is asked, with what is typed before Enter; nothing where what is offered is taken. */
const QUESTIONS: readonly (readonly [message: string, typed: string])[] = [
  ['Catalog URL', 'https://qa.example.com'],
  ['AWS region', ''],
  ['AWS account', ''],
  ['Registry URL', 'https://qa-registry.example.com'],
  [
    'Load balancer listener',
    'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/qa/0123456789abcdef/0123456789abcdef',
  ],
  ['Reach the server at', ''],
  ['Host name', ''],
  ['Listener rule priority', ''],
  ...DECISIONS_ASKED,
  ['VPC', 'vpc-0123456789abcdef0'],
  ['Private subnets', 'subnet-0123456789abcdef0, subnet-0123456789abcdef1'],
  ["Load balancer's security groups", 'sg-0123456789abcdef0'],
  ['Load balancer reaches the tasks by', ''],
  ["Load balancer's idle timeout", ''],
  ['ECS cluster', 'qa'],
  ['What now?', ''],
];

const OFFER = '? This repository is there already. What now?';
const [FIRST, SECOND, THIRD] = [0, 1, 2].map((index) => KEYS.down.repeat(index) + KEYS.enter);

let folder: string;
let repository: string;
let before: Record<string, string>;
const terminals: Terminal[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menu-'));
  const args = ['emitted', '--yes', '--no-install', '--no-git'];
  const { exitCode, stderr } = await runCommand(args, { cwd: folder });
  expect(exitCode, stderr).toBe(0);
  before = treeOf(join(folder, 'emitted'));
});
beforeEach(() => {
  repository = join(folder, `run-${terminals.length}`);
  cpSync(join(folder, 'emitted'), repository, { recursive: true });
  linkPackages(repository);
});
afterAll(() => {
  for (const terminal of terminals) {
    terminal.kill();
  }
  rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]): Terminal {
  const terminal = new Terminal(process.execPath, [COMMAND, ...args], { cwd: repository, env: NO_REGISTRY });
  terminals.push(terminal);
  return terminal;
}

async function answer(terminal: Terminal): Promise<void> {
  for (const [message, typed] of QUESTIONS) {
    await terminal.see(`? ${message}`);
    terminal.press(typed + KEYS.enter);
  }
}

/** What was asked, in its order. */
function asked({ output }: Terminal): string[] {
  const found = [...output.matchAll(/✔ (.+?) [›…]/g)].map(([, message]) => message!);
  return found.filter((message) => message !== OFFER.slice(2));
}

async function expectAdded(terminal: Terminal): Promise<void> {
  expect([await terminal.ended, terminal.output]).toEqual([0, expect.stringMatching(/\d+ created/)]);
  const answers = JSON.parse(treeOf(repository)['mcp-deploy.json']!);
  expect(Object.keys(answers.environments)).toEqual(['dev', 'staging', 'production', 'qa']);
  expect(answers.environments.qa).toMatchObject({
    account: '111122223333',
    catalogUrl: 'https://qa.example.com',
    network: { clusterName: 'qa', privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'] },
    routing: { host: 'qa.example.com' },
  });
  const { exitCode, stdout } = await runCommand(['sync', '--check'], { cwd: repository });
  expect(exitCode, stdout).toBe(0);
}

async function expectNothing(terminal: Terminal): Promise<void> {
  expect(await terminal.ended).toBe(1);
  expect(terminal.output).toMatch(/cancelled, nothing written\s*$/);
  expect(treeOf(repository)).toEqual(before);
}

describe('in a repository that was emitted already', () => {
  it('in a repository that was emitted already, the command offers to bring it up to date', async () => {
    const terminal = start();
    await terminal.see(OFFER);
    terminal.press(FIRST!);
    expect([await terminal.ended, terminal.output]).toEqual([
      0,
      expect.stringContaining('0 created, 0 updated, 0 deleted'),
    ]);
  });

  it('in a repository that was emitted already, the command offers to add an environment, once it has a name that can be taken', async () => {
    const terminal = start();
    await terminal.see(OFFER);
    terminal.press(SECOND!);
    await terminal.see('? Name of the environment');
    terminal.press(`dev${KEYS.enter}`);
    await terminal.see('there is an environment of this name already');
    terminal.press(`${KEYS.backspace.repeat(3)}Q A${KEYS.enter}`);
    await terminal.see('is named by 1 to 16 lower-case letters');
    terminal.press(`${KEYS.backspace.repeat(3)}qa${KEYS.enter}`);
    await answer(terminal);
    await expectAdded(terminal);
  });

  it('in a repository that was emitted already, the command offers an upgrade', async () => {
    const terminal = start();
    await terminal.see(OFFER);
    terminal.press(THIRD!);
    expect([await terminal.ended, terminal.output]).toEqual([0, expect.stringContaining('there is nothing newer')]);
    expect(treeOf(repository)).toEqual(before);
  });

  it('env add asks about the environment that it adds, and nothing else', async () => {
    const terminal = start('env', 'add', 'qa');
    await answer(terminal);
    await expectAdded(terminal);
    expect(asked(terminal)).toEqual(QUESTIONS.map(([message]) => message));
    expect(terminal.output).not.toContain('Environments');
  });

  it('env add does not ask what it is told', async () => {
    const terminal = start('env', 'add', 'qa', '--set', 'account=111122223333', '--set', 'region=us-east-1');
    await terminal.see(`? ${QUESTIONS[0]![0]}`);
    terminal.press(KEYS.escape);
    await expectNothing(terminal);
    expect(asked(terminal)).toEqual([]);
  });

  it.each([
    ['the offer', []],
    ['the name', [SECOND!]],
    ['the first question', [SECOND!, `qa${KEYS.enter}`]],
  ])('nothing is written if the command in an emitted repository is cancelled at %s', async (_, keys) => {
    for (const stop of [KEYS.ctrlC, KEYS.escape]) {
      const terminal = start();
      const seen = [OFFER, '? Name of the environment', `? ${QUESTIONS[0]![0]}`];
      for (const [index, key] of [...keys, stop].entries()) {
        await terminal.see(seen[index]!);
        terminal.press(key);
      }
      await expectNothing(terminal);
    }
  });
});
