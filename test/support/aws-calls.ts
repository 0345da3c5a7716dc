import type { IncomingMessage } from 'node:http';

import { parseQuery } from '../../src/rehearsal/cloudformation/query';

/** What a request asks of AWS. */
export interface Call {
  /** As policies name it. */
  readonly service: string;
  /** As its API names it; of S3, as policies do. */
  readonly action: string;
  readonly region: string;
  /** What it is given; of S3 and Route 53, from its path, query and body. */
  readonly parameters: Parameters;
}

export type Parameters = Readonly<Record<string, unknown>>;

/** Services that sign by another name than the one in policies. */
const SERVICES: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

const OBJECT_ACTIONS: Readonly<Record<string, string>> = {
  GET: 'GetObject',
  HEAD: 'GetObject',
  PUT: 'PutObject',
  DELETE: 'DeleteObject',
};

const ROUTE53_ACTIONS: readonly (readonly [method: string, path: RegExp, action: string])[] = [
  ['POST', /\/hostedzone\/([^/]+)\/rrset\/?$/, 'ChangeResourceRecordSets'],
  ['GET', /\/hostedzone\/([^/]+)\/rrset\/?$/, 'ListResourceRecordSets'],
  ['GET', /\/change\/([^/]+)$/, 'GetChange'],
  ['GET', /\/hostedzone\/([^/]+)$/, 'GetHostedZone'],
  ['GET', /\/hostedzone\/?$/, 'ListHostedZones'],
  ['GET', /\/tags\/hostedzone\/([^/]+)$/, 'ListTagsForResource'],
];

/** What a signed request asks; undefined of one that is not signed. */
export function callOf({ method = 'GET', url = '/', headers }: IncomingMessage, body: string): Call | undefined {
  const [, region, signed] = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  if (!region || !signed) return undefined;
  const service = SERVICES[signed] ?? signed;
  const { pathname, searchParams } = new URL(url, 'http://x');
  const target = headers['x-amz-target'];
  if (target !== undefined) {
    return { service, region, action: String(target).split('.').at(-1)!, parameters: JSON.parse(body || '{}') };
  }
  if (service === 's3') return { service, region, ...objectCall(method, url, headers.host ?? '') };
  if (service === 'route53') {
    for (const [verb, path, action] of ROUTE53_ACTIONS) {
      const found = verb === method ? path.exec(pathname) : null;
      if (found) return { service, region, action, parameters: { ...(found[1] && { Id: found[1] }), body } };
    }
    return { service, region, action: `${method} ${pathname}`, parameters: {} };
  }
  const parameters = parseQuery(body || searchParams.toString());
  return { service, region, action: String(parameters.Action ?? `${method} ${pathname}`), parameters };
}

/** The bucket is in the path, or in the name of the host. */
function objectCall(method: string, url: string, host: string): Pick<Call, 'action' | 'parameters'> {
  const { pathname, searchParams } = new URL(url, 'http://x');
  const inHost = /^([^.]+)\.(s3\.)?(127|localhost)/.exec(host)?.[1];
  const [Bucket, ...rest] = decodeURIComponent(inHost ? `${inHost}${pathname}` : pathname.slice(1)).split('/');
  if (!Bucket) return { action: method === 'GET' ? 'ListAllMyBuckets' : `${method} ${url}`, parameters: {} };
  const Key = rest.join('/');
  const subresource = [...searchParams.keys()].find(
    (name) => !/^(x-id|list-type|prefix|delimiter|max-keys)$/.test(name),
  );
  if (subresource !== undefined) return { action: `${method} ${url}`, parameters: {} };
  if (Key) return { action: OBJECT_ACTIONS[method] ?? `${method} ${url}`, parameters: { Bucket, Key } };
  const Prefix = searchParams.get('prefix') ?? undefined;
  return {
    action: method === 'GET' || method === 'HEAD' ? 'ListBucket' : `${method} ${url}`,
    parameters: { Bucket, Prefix },
  };
}

/** A parameter that is text. */
export function textOf(parameters: unknown, name: string): string | undefined {
  const value = (parameters as Parameters | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** The members of a parameter that is a list; EC2 numbers them without a word before the number. */
export function listOf(parameters: unknown, ...names: readonly string[]): readonly unknown[] {
  for (const name of names) {
    const value = (parameters as Parameters | undefined)?.[name];
    if (Array.isArray(value)) return value;
    if (typeof value === 'object' && value !== null) {
      const numbers = Object.keys(value).filter((key) => /^\d+$/.test(key));
      return numbers.sort((a, b) => Number(a) - Number(b)).map((key) => (value as Parameters)[key]);
    }
  }
  return [];
}

/** Tags, however a service writes them, as a policy's conditions name those of a request. */
export function requestTags(tags: unknown): Record<string, string> {
  const pairs: [string, string][] = Array.isArray(tags)
    ? tags.map((tag) => [textOf(tag, 'Key') ?? textOf(tag, 'key')!, textOf(tag, 'Value') ?? textOf(tag, 'value') ?? ''])
    : Object.entries((tags ?? {}) as Record<string, string>);
  return Object.fromEntries(pairs.map(([key, value]) => [`aws:RequestTag/${key}`, value]));
}
