import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valueAt } from '../../src/config/paths';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { COMMAND, runCommand } from '../support/command';
import { DECISIONS_ASKED } from '../support/decisions-asked';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { EMULATOR, emulatorProgram } from '../support/engines/emulator';
import { runServer } from '../support/old-server';
import { KEYS, Terminal } from '../support/pty';

const QUICK = ['--no-install', '--no-git'];

describe.skipIf(await lacks(EMULATOR))('an interview with an account', () => {
  let emulator: Emulator;
  let stack: EmulatedQuiltStack;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  const terminals: Terminal[] = [];
  beforeAll(async () => {
    emulator = await startEmulator();
    stack = await createQuiltStack(emulator, { name: 'acme' });
    folder = mkdtempSync(join(tmpdir(), 'by-account-'));
    env = { ...emulator.env, PATH: `${dirname(emulatorProgram('aws'))}:${process.env.PATH}` };
  });
  afterAll(async () => {
    for (const terminal of terminals) terminal.kill();
    rmSync(folder, { recursive: true, force: true });
    await emulator?.stop();
  });

  function start(args: readonly string[], variables: NodeJS.ProcessEnv = {}, cwd = folder): Terminal {
    const terminal = new Terminal(process.execPath, [COMMAND, ...args], { cwd, env: { ...env, ...variables } });
    terminals.push(terminal);
    return terminal;
  }

  async function answer(terminal: Terminal, answers: readonly (readonly [message: string, typed: string])[]) {
    for (const [message, typed] of answers) {
      await terminal.see(`? ${message}`);
      terminal.press(typed + KEYS.enter);
    }
  }

  const read = (repository: string) =>
    JSON.parse(readFileSync(join(folder, repository, 'mcp-deploy.json'), 'utf8')) as object;

  it('an interview asks nothing that the account answers, and says where each answer came from', async () => {
    const terminal = start(['mine', ...QUICK]);
    await answer(terminal, [
      ['Deploy with', ''],
      ['GitHub repository', 'acme/mcp'],
      ['Environments', 'dev'],
      ['Catalog URL', `https://${stack.catalogHost}`],
      // Nobody serves the catalog here, so that its region is not known.
      ['AWS region', ''],
      ['Read the AWS account to answer the rest?', ''],
      ['Reach the server at', ''],
      ...DECISIONS_ASKED,
      ['Name', ''],
      ["Registry of upstream's image", ''],
      ['Repository in that registry', ''],
      ['Version of the server', ''],
      ["S3 bucket of Terraform's state", ''],
      ['Region of that bucket', ''],
      ['Tag Owner', 'platform'],
      ['Tag CostCenter', '1234'],
    ]);
    await terminal.see('? What now?');
    terminal.press(KEYS.down.repeat(2) + KEYS.enter);
    await terminal.see('us-east-1 (the default, that of AWS_REGION)');
    await terminal.see(`${stack.vpcId} (load balancer`);
    await answer(terminal, [['What now?', '']]);
    expect([await terminal.ended, terminal.output]).toEqual([0, expect.stringContaining('files written to mine')]);
    expect(terminal.output).toMatch(/✓ \d+ calls, nothing written · stack acme · account 123456789012/);
    expect(valueAt(read('mine'), ['environments', 'dev'])).toMatchObject({
      account: '123456789012',
      registryUrl: `https://${stack.registryHost}`,
      routing: { mode: 'path', host: stack.catalogHost, priority: 10 },
      network: {
        vpcId: stack.vpcId,
        privateSubnetIds: stack.privateSubnetIds,
        listenerArn: stack.listenerArn,
        albEgress: { create: stack.albSecurityGroupIds[0] },
        clusterName: 'acme',
      },
    });
  });

  it('an interview goes on by hand if AWS cannot be asked, and one step back asks it otherwise', async () => {
    const terminal = start(['other', ...QUICK, '--set', 'environments.dev.region=us-east-1'], {
      PATH: dirname(process.execPath),
      AWS_PROFILE: 'work',
    });
    await answer(terminal, [
      ['Deploy with', ''],
      ['GitHub repository', 'acme/mcp'],
      ['Catalog URL', `https://${stack.catalogHost}`],
      ['Read the AWS account to answer the rest?', ''],
    ]);
    await terminal.see('The AWS CLI is needed to read the account');
    await terminal.see('? AWS account');
    terminal.press(KEYS.shiftTab);
    await terminal.see('? Read the AWS account to answer the rest?');
    await terminal.see('yes, with the profile work');
    terminal.press(KEYS.ctrlC);
    expect(await terminal.ended).toBe(1);
    expect(existsSync(join(folder, 'other'))).toBe(false);
  });

  it('the command without a terminal takes the facts of an account by the profile that a variable names, and the rest from the example', async () => {
    const given = [`catalogUrl=https://${stack.catalogHost}`, 'region=us-east-1'];
    const args = ['third', ...QUICK, ...given.flatMap((one) => ['--set', `environments.dev.${one}`])];
    const config = join(folder, 'config');
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = emulator.env;
    writeFileSync(
      config,
      `[profile work]\naws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}\n`,
    );
    const profile = { AWS_CONFIG_FILE: config, QUILT_MCP_DEPLOY_PROFILE: 'work' };
    const made = await runCommand([...args, '--yes'], { cwd: folder, env: { ...env, ...profile } });
    expect([made.exitCode, made.stderr]).toEqual([0, expect.not.stringContaining('✗')]);
    expect(valueAt(read('third'), ['environments', 'dev', 'network', 'vpcId'])).toBe(stack.vpcId);
  });

  it('an interview says beside which server a priority is, and judges what was given by the account, also one more environment', async () => {
    await runServer(emulator, stack, {
      service: 'old-mcp',
      image: 'registry.example.com/mcp:0.21.0',
      variables: { FASTMCP_TRANSPORT: 'http' },
      priority: 20,
      paths: ['/mcp', '/mcp/*'],
    });
    const subnets = `network.privateSubnetIds=${JSON.stringify(stack.intraSubnetIds)}`;
    const asked = [
      ['Catalog URL', `https://${stack.catalogHost}`],
      ['AWS region', ''],
      ['Read the AWS account to answer the rest?', ''],
      ['Reach the server at', ''],
    ] as const;
    const terminal = start(['fourth', ...QUICK, '--target', 'cloudformation', '--set', `environments.dev.${subnets}`]);
    await answer(terminal, [['GitHub repository', 'acme/mcp'], ...asked]);
    await terminal.see('if the rules of old-mcp are moved to the front first');
    await answer(terminal, [
      ['Listener rule priority', ''],
      ...DECISIONS_ASKED,
      ['Name', ''],
      ["Registry of upstream's image", ''],
      ['Repository in that registry', ''],
      ['Version of the server', ''],
      ['Tag Owner', 'platform'],
      ['Tag CostCenter', '1234'],
    ]);
    await terminal.see('Before you go on');
    await terminal.see('Set environments.dev.network.privateSubnetIds to subnets with a way out');
    await terminal.see('First move the rules of old-mcp');
    await answer(terminal, [['What now?', '']]);
    expect(await terminal.ended).toBe(0);
    expect(terminal.output).toContain('! account 123456789012 has no identity provider for GitHub.');
    expect(valueAt(read('fourth'), ['environments', 'dev', 'routing', 'priority'])).toBe(10);

    const more = start(['env', 'add', 'qa', '--set', subnets], {}, join(folder, 'fourth'));
    await answer(more, asked);
    await answer(more, [['Host name', 'qa.example.com'], ['Listener rule priority', '40'], ...DECISIONS_ASKED]);
    await more.see('Set environments.qa.network.privateSubnetIds to subnets with a way out');
    more.press(KEYS.ctrlC);
    expect(await more.ended).toBe(1);
  });
});
