import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../src/config/example';
import { LATEST } from '../../src/conventions';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { lacks } from '../support/engines';
import { type Front, startFront } from '../support/front';
import { HANG_MS } from '../support/machine.mjs';
import { ensurePackage } from '../support/npm-packages';
import { prepareServer, type ServerVersion, server } from './engine';
import { type ServerProcess, startServer } from './process';
import { type FakeQuilt, registryAt, startQuilt } from './quilt';

const VERSION = LATEST.image.defaultVersion as ServerVersion;
/** Claude Desktop and others start it for a server that is reached over HTTP. */
const MCP_REMOTE = '0.15.1';
const SDK = '1.32.2';

/** The service of the example's first environment, with or without the rule that answers OAuth clients. */
function serviceWith(answerOauthProbes: boolean) {
  const answers = structuredClone(exampleAnswers());
  Object.assign(answers.environments.dev!.routing, { answerOauthProbes });
  const { contract, environments } = resolveDeployment(readConfig(answers, 'the example'));
  return { contract, service: environments[0]!.service };
}

describe.skipIf(await lacks(server(VERSION)))('clients without a token, on the host of the catalog', () => {
  let quilt: FakeQuilt;
  let running: ServerProcess;
  let sdk: string;
  let mcpRemote: string;
  let settings: string;

  beforeAll(async () => {
    [sdk, mcpRemote] = [
      dirname(await ensurePackage('@modelcontextprotocol/sdk', SDK)),
      await ensurePackage('mcp-remote', MCP_REMOTE),
    ];
    settings = mkdtempSync(join(tmpdir(), 'mcp-remote-'));
    quilt = await startQuilt();
    const { contract, service } = serviceWith(true);
    const { container } = contract;
    running = await startServer(await prepareServer(VERSION), {
      port: container.port,
      user: container.user,
      readonlyRoot: true,
      tmpfs: [container.tmpfs],
      environment: {
        ...container.environment,
        ...service.taskDefinition.environment,
        ...registryAt(quilt.url),
      },
    });
    expect(await running.settled(HANG_MS), running.output()).toBe('up');
  });
  afterAll(async () => {
    await running?.stop();
    await quilt?.stop();
    rmSync(settings, { recursive: true, force: true });
  });

  async function behind<T>(answerOauthProbes: boolean, use: (front: Front) => Promise<T>): Promise<T> {
    const front = await startFront(running.url(''), serviceWith(answerOauthProbes).service);
    try {
      return await use(front);
    } finally {
      await front.stop();
    }
  }

  const official = (front: Front) =>
    outputOf(process.execPath, [join(__dirname, '../support/mcp-clients/oauth-client.mjs'), sdk, `${front.url}/mcp`]);
  const remote = (front: Front) =>
    outputOf(join(mcpRemote, 'mcp-remote'), [`${front.url}/mcp`], { MCP_REMOTE_CONFIG_DIR: settings });

  it("clients without a token, on the host of the catalog: the official SDK's ends with what is said of OAuth", async () => {
    const { output, requests } = await behind(true, async (front) => ({
      output: await official(front),
      requests: front.requests,
    }));
    expect(output).toMatch(/registration|authori[sz]ation|OAuth/i);
    expect(requests).toContain('GET /.well-known/oauth-protected-resource/mcp');
    expect(requests).toContain('GET /.well-known/oauth-authorization-server');
  });

  it('clients without a token, on the host of the catalog: mcp-remote ends with a registration that is rejected', async () => {
    expect(await behind(true, remote)).toMatch(/Fatal error: .*Registration/);
  });

  it('clients without a token, on the host of the catalog: without the rule both end with a page of the catalog that is not JSON', async () => {
    for (const client of [official, remote]) {
      expect(await behind(false, client)).toMatch(/SyntaxError: Unexpected token '<', "<!doctype/);
    }
  });
});

/** All that a client printed, whatever it ended with. Nobody writes to it. */
async function outputOf(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const ending = promisify(execFile)(file, args, { env: { ...process.env, ...env }, timeout: HANG_MS });
  ending.child.stdin?.end();
  const { stdout, stderr } = await ending.catch((error) => error as { stdout: string; stderr: string });
  return `${stdout}${stderr}`;
}
