import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DEFAULT_REGION, type Emulator, START_MS } from '../emulator';
import type { Behaviour, EmulatedAccount } from './account';
import { answer } from './actions';
import { CloudFormation } from './engine';
import { answerText, errorText, parseQuery } from './query';
import { EngineError } from './refusal';
import { TemplateError } from './template';

/** An emulated account whose CloudFormation is {@link CloudFormation}. */
export interface CloudFormationServer {
  readonly url: string;
  /** Environment variables for the AWS CLI, the CDK CLI and the SDKs; undefined removes a variable. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends it, and not the emulator behind it. */
  stop(): Promise<void>;
}

/** Service and region in a request's signature. */
const SCOPE = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request/;

/**
 * Starts a server in front of the emulator that answers for CloudFormation itself and passes everything else on as it
 * is. It is a process of its own, so that it also answers a command that the caller waits for without letting go of its
 * own process, and ends with the caller.
 */
export async function startCloudFormation(
  emulator: Emulator,
  behaviour: Behaviour = {},
): Promise<CloudFormationServer> {
  const loader = pathToFileURL(require.resolve('tsx')).href;
  const main = join(__dirname, 'main.ts');
  const args = ['--import', loader, main, emulator.url, emulator.accountId, JSON.stringify(behaviour)];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...emulator.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      const fail = () => reject(new Error(`The CloudFormation server did not start:\n${log}`));
      const timer = setTimeout(fail, START_MS);
      child.once('error', fail).once('close', fail);
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        clearTimeout(timer);
        resolve(text.trim());
      });
    });
    // The AWS CLI, in its first version, reads the region from AWS_DEFAULT_REGION alone.
    return { url, env: { ...emulator.env, AWS_ENDPOINT_URL: url, AWS_DEFAULT_REGION: DEFAULT_REGION }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The server itself, in this process; resolves to its URL. Its name is localhost and not an address, because the CDK CLI
 * puts a bucket's name in front of it.
 */
export async function serveCloudFormation(emulator: EmulatedAccount, behaviour: Behaviour): Promise<string> {
  const engines = new Map<string, CloudFormation>();
  const engineOf = (region: string) => {
    const engine = engines.get(region) ?? new CloudFormation(emulator, { region, ...behaviour });
    engines.set(region, engine);
    return engine;
  };
  const server = createServer((incoming, outgoing) => {
    const [, region, service] = SCOPE.exec(incoming.headers.authorization ?? '') ?? [];
    if (service === 'cloudformation') void respond(engineOf(region!), incoming, outgoing);
    else forward(emulator.url, incoming, outgoing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, 'localhost', resolve);
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

async function respond(engine: CloudFormation, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  const finish = (status: number, text: string) => {
    outgoing.writeHead(status, { 'Content-Type': 'text/xml' }).end(text);
  };
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const parameters = parseQuery(Buffer.concat(parts).toString('utf8'));
  const action = String(parameters.Action);
  try {
    finish(200, answerText(action, await answer(engine, action, parameters), requestId));
  } catch (error) {
    const { message, stack } = error as Error;
    if (error instanceof TemplateError) finish(400, errorText('ValidationError', message, requestId));
    else if (error instanceof EngineError) finish(400, errorText(error.code, message, requestId));
    // Not 500: clients would try again, and hide it.
    else finish(400, errorText('InternalFailure', stack ?? message, requestId));
  }
}

function forward(emulator: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { hostname, port } = new URL(emulator);
  const { method, url: path, headers } = incoming;
  const onward = send({ hostname, port, method, path, headers }, (response) => {
    outgoing.writeHead(response.statusCode!, response.headers);
    response.pipe(outgoing);
  });
  onward.once('error', (error) => outgoing.destroy(error));
  incoming.pipe(onward);
}
