import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

import { DEFAULT_REGION, type Emulator } from '../emulator';
import { answer } from './actions';
import { CloudFormation, EngineError } from './engine';
import type { Order } from './graph';
import { answerText, errorText, parseQuery } from './query';
import { TemplateError } from './template';

/** An emulated account whose CloudFormation is {@link CloudFormation}. */
export interface CloudFormationServer {
  readonly url: string;
  /** What the AWS CLI, the CDK CLI and the SDKs need in their environment; undefined removes a variable. */
  readonly env: NodeJS.ProcessEnv;
  /** The engine of a region; of the default region, where none is named. */
  engine(region?: string): CloudFormation;
  /** Ends it, and not the emulator behind it. */
  stop(): Promise<void>;
}

/** Of a request's signature: which service it is for, in which region. */
const SCOPE = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request/;

/**
 * Starts a server in front of the emulator that answers for CloudFormation itself and passes everything else on as it
 * is. Its name is localhost and not an address, because the CDK CLI puts a bucket's name in front of it.
 */
export async function startCloudFormation(
  emulator: Emulator,
  { order }: { readonly order?: Order } = {},
): Promise<CloudFormationServer> {
  const engines = new Map<string, CloudFormation>();
  const engine = (region = DEFAULT_REGION) => {
    const found = engines.get(region) ?? new CloudFormation(emulator, { region, order });
    engines.set(region, found);
    return found;
  };
  const server = createServer((incoming, outgoing) => {
    const [, region, service] = SCOPE.exec(incoming.headers.authorization ?? '') ?? [];
    if (service === 'cloudformation') void respond(engine(region), incoming, outgoing);
    else forward(emulator.url, incoming, outgoing);
  });
  // A slow operation is answered when it is over.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, 'localhost', resolve);
  });
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url,
    // The AWS CLI, in its first version, reads the region from AWS_DEFAULT_REGION alone.
    env: { ...emulator.env, AWS_ENDPOINT_URL: url, AWS_DEFAULT_REGION: DEFAULT_REGION },
    engine,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
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
