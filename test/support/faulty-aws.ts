import { createServer, type IncomingHttpHeaders, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A fault of an AWS API. It gets the number of the call of its action, from 1 on, and answers or lets the call through. */
export type Fault = (call: number) => FaultyAnswer | undefined;

/** An error by its code; `hangs`: it never answers; `cut`: the connection ends in the middle of the answer. */
export type FaultyAnswer = AwsError | 'hangs' | 'cut';

interface AwsError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export type Faults = Readonly<Record<string, Fault>>;

/** An AWS API with faults, in front of one without. */
export interface FaultyAws {
  readonly url: string;
  /** Has only these faults from now on, by action, such as `DescribeSubnets`; `*` is every action without one. */
  inject(faults: Faults): void;
  stop(): Promise<void>;
}

/** Starts it on a free port of localhost. */
export async function startFaultyAws(behind: string): Promise<FaultyAws> {
  const calls = new Map<string, number>();
  let injected: Faults = {};
  const listener = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method = 'GET', url = '/', headers } = incoming;
      const action = actionOf(method, url, String(headers['x-amz-target'] ?? ''), body.toString());
      const call = (calls.get(action) ?? 0) + 1;
      calls.set(action, call);
      const answer = (injected[action] ?? injected['*'])?.(call);
      if (answer === 'hangs') return;
      if (answer !== undefined && answer !== 'cut') {
        outgoing.writeHead(answer.status).end(errorBody(serviceOf(headers), answer));
        return;
      }
      const onward = send(new URL(url, behind), { method, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const whole = Buffer.concat(parts);
          outgoing.writeHead(response.statusCode!, { ...response.headers, 'content-length': String(whole.length) });
          if (answer !== 'cut') outgoing.end(whole);
          else outgoing.write(whole.subarray(0, whole.length / 2), () => outgoing.destroy());
        });
      });
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    inject: (faults) => {
      calls.clear();
      injected = faults;
    },
    stop: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        listener.closeAllConnections();
      }),
  };
}

/** The action of a request: a word of its body, its target, or else its path, by the protocol of the service. */
function actionOf(method: string, path: string, target: string, body: string): string {
  return /(?:^|&)Action=(\w+)/.exec(body)?.[1] ?? target.split('.')[1] ?? `${method} ${path}`;
}

/** The service of a request, by the scope of its signature; `json` if its protocol is that. */
function serviceOf(headers: IncomingHttpHeaders): string | undefined {
  if (headers['x-amz-target'] !== undefined) return 'json';
  return /\/([a-z0-9-]+)\/aws4_request/.exec(headers.authorization ?? '')?.[1];
}

/** An error in the shape of a service. Sources: the services' API references, "Common Errors" and "Error responses". */
function errorBody(service: string | undefined, { code, message }: AwsError): string {
  const error = `<Code>${code}</Code><Message>${message}</Message>`;
  switch (service) {
    case 'json':
      return JSON.stringify({ __type: code, message });
    case 'ec2':
      return `<Response><Errors><Error>${error}</Error></Errors><RequestID>1</RequestID></Response>`;
    case 's3':
      return `<Error>${error}</Error>`;
    default:
      return `<ErrorResponse><Error><Type>Sender</Type>${error}</Error></ErrorResponse>`;
  }
}

/** A refusal because of too many calls. */
export const THROTTLED: FaultyAnswer = { status: 400, code: 'Throttling', message: 'Rate exceeded' };

/** The same of Amazon EC2. Source: Amazon EC2 API Reference, "Error codes". */
export const THROTTLED_BY_EC2: FaultyAnswer = {
  status: 503,
  code: 'RequestLimitExceeded',
  message: 'Request limit exceeded.',
};

/** Credentials of a session that has ended. */
export const EXPIRED: FaultyAnswer = {
  status: 403,
  code: 'ExpiredToken',
  message: 'The security token included in the request is expired',
};
