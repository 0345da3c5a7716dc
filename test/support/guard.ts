import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { HeadObjectCommand } from '@aws-sdk/client-s3';

import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import { DEFAULT_REGION, type Emulator } from '../../src/rehearsal/emulator';
import { type Call, callOf } from './aws-calls';
import { demandsOf } from './demands';
import { type Demand, type Identity, isAllowed, type PolicyDocument } from './evaluate';

/** An emulator whose callers have the permissions of a role. */
export interface Guard {
  readonly url: string;
  /** The URL for what stands for CloudFormation: it asks as the caller, in whose stead it acts. */
  readonly behindCloudFormation: string;
  /** The URL of one more, which stands in front of another server, and refuses what this one does. */
  before(url: string): Promise<string>;
  /** What was refused, each as action and resource. */
  readonly refused: readonly string[];
  /**
   * From now on every caller is this role, with the policies that it has in the account now; undefined, the root user.
   *
   * @param denied actions that the role lacks, whatever its policies say
   */
  become(role: string | undefined, denied?: readonly string[]): Promise<void>;
  /** Forgets what was refused. */
  clear(): void;
  stop(): Promise<void>;
}

/** A request that a guard in front let through already: what it passes is passed on as it is. */
const ASKED = 'x-asked-by-guard';

/**
 * What stands in front of the emulator and refuses calls as IAM does, in the judgement of an evaluator that is not this
 * project's. moto's own enforcement takes every call for one on `*`, which a policy that names its resources never allows.
 *
 * @param region one of the partition whose roles the callers are
 */
export async function startGuard(emulator: Emulator, region = DEFAULT_REGION): Promise<Guard> {
  const refused: string[] = [];
  const clients = new Map<string, AwsClients>();
  const clientsOf = (name: string) => {
    const known = clients.get(name) ?? awsClients(emulator, name);
    clients.set(name, known);
    return known;
  };
  let identity: Identity | undefined;

  /** What is refused of a call, each as action and resource. */
  const deniedOf = async (caller: Identity, call: Call, calledVia: string[] | undefined): Promise<string[]> => {
    if (call.service === 'sts' && call.action === 'GetCallerIdentity') return [];
    try {
      const demands = await demandsOf(call, { accountId: emulator.accountId, clients: clientsOf(call.region) });
      const asked = [...demands, ...(await missing(call, demands[0]!))];
      const answers = await Promise.all(
        asked.map((demand) =>
          isAllowed(caller, { ...demand, context: { ...demand.context, 'aws:CalledVia': calledVia } }),
        ),
      );
      return asked.filter((_, index) => !answers[index]).map(({ action, resource }) => `${action} on ${resource}`);
    } catch (error) {
      // What is not known here must not pass for allowed.
      return [`${call.service}:${call.action}: ${(error as Error).message}`];
    }
  };

  /**
   * S3 tells only those who may list a bucket that an object is not there. That is a listing without a prefix.
   * Source: Amazon S3 API Reference, HeadObject and GetObject, permissions.
   */
  const missing = async (
    { service, action, region: place, parameters }: Call,
    { resource }: Demand,
  ): Promise<Demand[]> => {
    if (service !== 's3' || action !== 'GetObject') return [];
    const { Bucket, Key } = parameters as { Bucket: string; Key: string };
    const isThere = await clientsOf(place)
      .s3.send(new HeadObjectCommand({ Bucket, Key }))
      .then(
        () => true,
        () => false,
      );
    return isThere ? [] : [{ action: 's3:ListBucket', resource: resource.split('/')[0]! }];
  };

  const handle = async (
    upstream: URL,
    calledVia: string[] | undefined,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const call = incoming.headers[ASKED] ? undefined : callOf(incoming, body.toString('utf8'));
    const denied = identity && call ? await deniedOf(identity, call, calledVia) : [];
    if (denied.length > 0) {
      refused.push(...denied);
      return refuse(outgoing, denied[0]!, incoming.headers['x-amz-target'] !== undefined ? 'json' : call!.service);
    }
    const { hostname, port } = upstream;
    const headers = { ...incoming.headers, [ASKED]: 'yes' };
    const forwarded = request({ hostname, port, method: incoming.method, path: incoming.url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    forwarded.end(body);
  };
  const servers: Server[] = [];
  const before = async (url: string, calledVia?: string[]) => {
    const upstream = new URL(url);
    const server = createServer((incoming, outgoing) => {
      handle(upstream, calledVia, incoming, outgoing).catch(() => outgoing.destroy());
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  return {
    url: await before(emulator.url),
    behindCloudFormation: await before(emulator.url, ['cloudformation.amazonaws.com']),
    before: (url) => before(url),
    refused,
    async become(role, denied = []) {
      const found = role === undefined ? undefined : await identityOf(clientsOf(region).iam, role);
      identity = found && { ...found, policies: [...found.policies, ...denied.map(deny)] };
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

/** A role as it is in the account: its policies, inline and attached, and its boundary. */
async function identityOf(iam: IAMClient, RoleName: string): Promise<Identity> {
  const [{ Role }, { PolicyNames = [] }, { AttachedPolicies = [] }] = await Promise.all([
    iam.send(new GetRoleCommand({ RoleName })),
    iam.send(new ListRolePoliciesCommand({ RoleName })),
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
  ]);
  const boundary = Role!.PermissionsBoundary?.PermissionsBoundaryArn;
  const inline = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return parsed(PolicyDocument!);
  });
  const attached = AttachedPolicies.map(({ PolicyArn }) => managedPolicy(iam, PolicyArn!));
  return {
    arn: Role!.Arn!,
    policies: await Promise.all([...inline, ...attached]),
    ...(boundary && { boundary: await managedPolicy(iam, boundary) }),
  };
}

async function managedPolicy(iam: IAMClient, PolicyArn: string): Promise<PolicyDocument> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy!.DefaultVersionId;
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return parsed(PolicyVersion!.Document!);
}

function parsed(document: string): PolicyDocument {
  return JSON.parse(decodeURIComponent(document));
}

function deny(action: string): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }] };
}

/** @param form `json`, or the service, for EC2 has a form of its own */
function refuse(outgoing: ServerResponse, what: string, form: string): void {
  const message = `not authorized to perform: ${what}`;
  const [type, text] =
    form === 'json'
      ? ['application/x-amz-json-1.1', JSON.stringify({ __type: 'AccessDeniedException', message })]
      : form === 'ec2'
        ? [
            'text/xml',
            `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>${message}</Message></Error></Errors></Response>`,
          ]
        : [
            'text/xml',
            `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${message}</Message></Error></ErrorResponse>`,
          ];
  outgoing.writeHead(403, { 'content-type': type }).end(text);
}
