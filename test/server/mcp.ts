import { createHmac } from 'node:crypto';

import { type Answer, type HttpOptions, type OpenStream, openStream, send } from './http';

/** How a client is known to a server: without anything, or by a bearer token. */
export type Caller = { readonly token?: string };

export const ANONYMOUS: Caller = {};

const CLIENT = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'create-quilt-mcp-deploy', version: '0.0.0' },
};

/** The first message of every MCP client. */
export function initialize(url: string, caller: Caller, options: HttpOptions = {}): Promise<Answer> {
  return post(url, caller, { jsonrpc: '2.0', id: 1, method: 'initialize', params: CLIENT }, options);
}

/** The revision of the protocol that a server takes where a client asks for this one. */
export async function negotiate(url: string, caller: Caller, revision: string): Promise<unknown> {
  const { result } = await introduce(url, caller, revision);
  return result.protocolVersion;
}

/** What a server says of itself. */
export async function introduce(url: string, caller: Caller, revision = CLIENT.protocolVersion) {
  const params = { ...CLIENT, protocolVersion: revision };
  const answer = await post(url, caller, { jsonrpc: '2.0', id: 1, method: 'initialize', params }, {});
  return messageOf(answer) as { result: { protocolVersion: string; serverInfo: { version: string } } };
}

/** One method of a session that was initialized; returns its result, and throws where there is none. */
export async function callMethod(url: string, caller: Caller, method: string, params: object = {}) {
  const headers = await sessionHeaders(url, caller);
  const answer = await post(url, caller, { jsonrpc: '2.0', id: 2, method, params }, { headers });
  const { result } = messageOf(answer) as { result?: Record<string, unknown> };
  if (!result) throw new Error(`${method} answered ${answer.status}: ${answer.body.slice(0, 500)}`);
  return result;
}

/** A request of a client that has this session. */
export function askInSession(url: string, caller: Caller, session: string): Promise<Answer> {
  const headers = { 'MCP-Protocol-Version': CLIENT.protocolVersion, 'Mcp-Session-Id': session };
  return post(url, caller, { jsonrpc: '2.0', id: 2, method: 'tools/list', params: {} }, { headers });
}

/** A request for the tools that names a revision of the protocol, with no session before it. */
export function listTools(url: string, caller: Caller, revision: string): Promise<Answer> {
  const headers = { 'MCP-Protocol-Version': revision };
  return post(url, caller, { jsonrpc: '2.0', id: 2, method: 'tools/list', params: {} }, { headers });
}

/** The stream on which a server may send what nobody asked for. */
export async function listen(url: string, caller: Caller): Promise<OpenStream> {
  const headers = await sessionHeaders(url, caller);
  return openStream(url, { headers: { ...authorization(caller), ...headers, Accept: 'text/event-stream' } });
}

/** A JWT signed with HS256. */
export function signToken(claims: object, secret: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** The session that a stateful server gives out, which every later request must name; a stateless one gives none. */
async function sessionHeaders(url: string, caller: Caller): Promise<Record<string, string>> {
  const answer = await initialize(url, caller);
  if (answer.status !== 200) throw new Error(`initialize answered ${answer.status}: ${answer.body.slice(0, 500)}`);
  const session = answer.headers['mcp-session-id'] as string | undefined;
  const headers = {
    'MCP-Protocol-Version': CLIENT.protocolVersion,
    ...(session && { 'Mcp-Session-Id': session }),
  };
  await post(url, caller, { jsonrpc: '2.0', method: 'notifications/initialized' }, { headers });
  return headers;
}

function post(url: string, caller: Caller, message: object, options: HttpOptions): Promise<Answer> {
  return send(url, {
    ...options,
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...authorization(caller),
      ...(options.headers as Record<string, string>),
    },
    body: JSON.stringify(message),
  });
}

function authorization({ token }: Caller): Record<string, string> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}

/** A message sent as JSON, or as one event of a stream. */
function messageOf({ body }: Answer): unknown {
  return JSON.parse(/^data: (.+)$/m.exec(body)?.[1] ?? body);
}
