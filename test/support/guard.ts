import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';

import type { Emulator } from '../../src/rehearsal/emulator';

/** An emulator whose callers have the permissions of a role. */
export interface Guard {
  readonly url: string;
  /** The URL of one more, which stands in front of another server, and refuses what this one does. */
  before(url: string): Promise<string>;
  /** What was refused, each as action and resource. */
  readonly refused: readonly string[];
  /** From now on every caller is this role, with the policies that it has in the account now; undefined, the root user. */
  become(role: string | undefined): Promise<void>;
  /** Forgets what was refused. */
  clear(): void;
  stop(): Promise<void>;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

interface Call {
  readonly service: string;
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Of an object of S3. */
  readonly object?: string;
}

/**
 * What stands in front of the emulator and refuses calls as IAM does, by actions and resources. moto's own enforcement
 * takes every call for one on `*`, which a policy that names its resources never allows. Where the ARN is not to be seen
 * in a call, the action decides alone. Of conditions, only that on the name of a change set decides: the others the tests
 * of the model look at.
 */
export async function startGuard(emulator: Emulator, iam: IAMClient): Promise<Guard> {
  const refused: string[] = [];
  let statements: readonly Statement[] | undefined;

  const handle = async (upstream: URL, incoming: IncomingMessage, outgoing: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const call = callOf(incoming, body.toString('utf8'));
    const denied = statements && call ? deniedOf(call, statements, emulator.accountId) : [];
    if (denied.length > 0) {
      refused.push(...denied);
      return refuse(outgoing, denied[0]!, incoming.headers['x-amz-target'] !== undefined);
    }
    const { hostname, port } = upstream;
    const forwarded = request(
      { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.on('error', () => outgoing.destroy());
    forwarded.end(body);
  };
  const servers: Server[] = [];
  const before = async (url: string) => {
    const upstream = new URL(url);
    const server = createServer((incoming, outgoing) => {
      handle(upstream, incoming, outgoing).catch(() => outgoing.destroy());
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  return {
    url: await before(emulator.url),
    before,
    refused,
    async become(role) {
      statements = role === undefined ? undefined : await statementsOf(iam, role);
    },
    clear: () => {
      refused.length = 0;
    },
    async stop() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

async function statementsOf(iam: IAMClient, RoleName: string): Promise<Statement[]> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const documents = await Promise.all(
    PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return decodeURIComponent(PolicyDocument!);
    }),
  );
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  const attached = await Promise.all(
    AttachedPolicies.map(async ({ PolicyArn }) => {
      const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
      const version = { PolicyArn, VersionId: Policy!.DefaultVersionId };
      const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand(version));
      return decodeURIComponent(PolicyVersion!.Document!);
    }),
  );
  return [...documents, ...attached].flatMap((text) => (JSON.parse(text) as { Statement: Statement[] }).Statement);
}

/** What a signed request asks of which service. */
function callOf({ method, url, headers }: IncomingMessage, body: string): Call | undefined {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1];
  if (!service) return undefined;
  const { pathname, searchParams } = new URL(url!, 'http://x');
  const target = headers['x-amz-target'];
  if (target !== undefined) {
    return { service, action: String(target).split('.').at(-1)!, parameters: JSON.parse(body || '{}') };
  }
  if (service === 's3') {
    // By path, or by the name of the host.
    const bucket = /^([^.]+)\.(s3\.)?(127|localhost)/.exec(headers.host ?? '')?.[1];
    const object = bucket ? `${bucket}${pathname}` : pathname.slice(1);
    const isObject = /^[^/]+\/./.test(object);
    const action = isObject ? OBJECT_ACTIONS[method!] : searchParams.has('list-type') ? 'ListBucket' : undefined;
    return { service, action: action ?? `${method} ${url}`, parameters: {}, object: decodeURIComponent(object) };
  }
  if (service === 'route53') {
    const action = ROUTE53_ACTIONS.find(([verb, path]) => verb === method && path.test(pathname))?.[2];
    return { service, action: action ?? `${method} ${pathname}`, parameters: {} };
  }
  const form = new URLSearchParams(body || searchParams.toString());
  return { service, action: form.get('Action') ?? `${method} ${pathname}`, parameters: Object.fromEntries(form) };
}

const OBJECT_ACTIONS: Readonly<Record<string, string>> = {
  GET: 'GetObject',
  HEAD: 'GetObject',
  PUT: 'PutObject',
  DELETE: 'DeleteObject',
};

const ROUTE53_ACTIONS: readonly (readonly [method: string, path: RegExp, action: string])[] = [
  ['POST', /\/rrset\/?$/, 'ChangeResourceRecordSets'],
  ['GET', /\/rrset\/?$/, 'ListResourceRecordSets'],
  ['GET', /\/change\//, 'GetChange'],
  ['GET', /\/hostedzone\/[^/]+$/, 'GetHostedZone'],
  ['GET', /\/tags\//, 'ListTagsForResource'],
];

/** Each action that no statement allows, with its resource where that is known. */
function deniedOf(call: Call, statements: readonly Statement[], account: string): string[] {
  const { service, action, parameters } = call;
  if (service === 'sts' && action === 'GetCallerIdentity') return [];
  const needs: (readonly [action: string, resource: string | undefined])[] = resourcesOf(call, account).map(
    (resource) => [`${service}:${action}`, resource] as const,
  );
  if (action === 'RegisterTaskDefinition') {
    needs.push(...['executionRoleArn', 'taskRoleArn'].map((key) => ['iam:PassRole', String(parameters[key])] as const));
  }
  return needs
    .filter(
      ([needed, resource]) =>
        !statements.some((statement) => allows(statement, needed, resource) && meetsName(statement, parameters)),
    )
    .map(([needed, resource]) => `${needed} on ${resource ?? 'something'}`);
}

function resourcesOf({ service, parameters, object }: Call, account: string): (string | undefined)[] {
  const text = (name: string) => (typeof parameters[name] === 'string' ? (parameters[name] as string) : undefined);
  const arn = (kind: string, resource: string | undefined) =>
    resource && `arn:aws:${kind}:${kind === 'iam' ? '' : 'us-east-1'}:${account}:${resource}`;
  const named = (prefix: string, name: string) => {
    const value = text(name);
    return value === undefined || value.startsWith('arn:') ? value : `${prefix}${value}`;
  };
  switch (service) {
    case 'cloudformation': {
      const stack = named('stack/', 'StackName');
      return [stack === undefined || stack.startsWith('arn:') ? stack : arn('cloudformation', `${stack}/id`)];
    }
    case 's3':
      return [`arn:aws:s3:::${object!.replace(/\/$/, '')}`];
    case 'iam':
      return [arn('iam', named('role/', 'RoleName')) ?? text('PolicyArn')];
    case 'ecr':
      return [arn('ecr', named('repository/', 'repositoryName'))];
    case 'logs':
      return [text('resourceArn') ?? arn('logs', named('log-group:', 'logGroupName'))];
    case 'ecs': {
      const family = named('task-definition/', 'family');
      return [text('resourceArn') ?? arn('ecs', family && `${family}:1`)];
    }
    case 'elasticloadbalancing':
      return [text('RuleArn') ?? text('ListenerArn') ?? text('TargetGroupArn') ?? text('ResourceArns.member.1')];
    default:
      return [undefined];
  }
}

function allows({ Effect, Action, Resource }: Statement, action: string, resource: string | undefined): boolean {
  return (
    Effect === 'Allow' &&
    [Action].flat().includes(action) &&
    (resource === undefined || [Resource].flat().some((pattern) => matches(String(pattern), resource)))
  );
}

/** Whether a statement is about change sets of this name, where it is about names at all. */
function meetsName({ Condition }: Statement, { ChangeSetName }: Call['parameters']): boolean {
  const patterns = Condition?.StringLike?.['cloudformation:ChangeSetName'];
  return patterns === undefined || [patterns].flat().some((pattern) => matches(String(pattern), String(ChangeSetName)));
}

function matches(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);
}

function refuse(outgoing: ServerResponse, what: string, isJson: boolean): void {
  const message = `not authorized to perform: ${what}`;
  const [type, text] = isJson
    ? ['application/x-amz-json-1.1', JSON.stringify({ __type: 'AccessDeniedException', message })]
    : [
        'text/xml',
        `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${message}</Message></Error></ErrorResponse>`,
      ];
  outgoing.writeHead(403, { 'content-type': type }).end(text);
}
