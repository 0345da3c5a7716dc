import { type IncomingMessage, type RequestOptions, request as start } from 'node:http';

import { HANG_MS } from '../support/machine.mjs';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface HttpOptions extends Pick<RequestOptions, 'method' | 'headers' | 'localAddress'> {
  readonly body?: string;
}

/** A stream of events that a server holds open. */
export interface OpenStream {
  readonly status: number;
  close(): void;
}

/** One request on a connection of its own; redirects are answers. */
export async function send(url: string, options: HttpOptions = {}): Promise<Answer> {
  const response = await connect(url, options);
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk;
  return { status: response.statusCode!, headers: response.headers, body };
}

/** Resolves once the answer has begun, and leaves it open. */
export async function openStream(url: string, options: HttpOptions): Promise<OpenStream> {
  const response = await connect(url, options);
  response.on('error', () => {}).resume();
  return { status: response.statusCode!, close: () => response.destroy() };
}

function connect(url: string, { body, ...options }: HttpOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = start(url, { ...options, agent: false, timeout: HANG_MS }, resolve);
    request.on('timeout', () => request.destroy(new Error(`${url} was silent for ${HANG_MS} ms`)));
    request.on('error', reject);
    request.end(body);
  });
}
