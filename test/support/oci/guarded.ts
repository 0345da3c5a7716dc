import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Identity, isAllowed } from '../evaluate';
import type { OciRegistry } from '.';

/** A registry of images whose callers have the permissions of a role, as those of ECR have. */
export interface GuardedRegistry {
  /** `localhost:PORT` */
  readonly host: string;
  /** With which regctl speaks to it. */
  readonly env: Readonly<Record<string, string>>;
  /** What was refused, each as action and resource. */
  readonly refused: readonly string[];
  /** What was allowed, each action once, since the last {@link become}. */
  readonly allowed: ReadonlySet<string>;
  /** From now on every caller is this one. */
  become(identity: Identity): void;
  stop(): Promise<void>;
}

/**
 * Actions that ECR asks for a request to its registry API, each a pattern of the method and of what follows the repository's name.
 * Source: Amazon ECR User Guide, "Required IAM permissions for pushing an image" and "Amazon ECR repository policy examples";
 * Amazon ECR API Reference, ListImageReferrers: it takes ecr:BatchGetImage.
 */
const ACTIONS: readonly (readonly [request: RegExp, action: string])[] = [
  [/^(GET|HEAD) manifests\//, 'ecr:BatchGetImage'],
  [/^PUT manifests\//, 'ecr:PutImage'],
  [/^GET referrers\//, 'ecr:BatchGetImage'],
  [/^GET tags\/list/, 'ecr:ListImages'],
  [/^HEAD blobs\/sha256:/, 'ecr:BatchCheckLayerAvailability'],
  [/^GET blobs\/sha256:/, 'ecr:GetDownloadUrlForLayer'],
  [/^POST blobs\/uploads\//, 'ecr:InitiateLayerUpload'],
  [/^PATCH blobs\/uploads\//, 'ecr:UploadLayerPart'],
  [/^PUT blobs\/uploads\//, 'ecr:CompleteLayerUpload'],
  [/^DELETE manifests\//, 'ecr:BatchDeleteImage'],
];

/**
 * What stands in front of a registry of images and refuses requests as ECR does, in the judgement of an evaluator that is not this
 * project's.
 *
 * @param repositories ARNs of the repositories of ECR that it has
 */
export async function startGuardedRegistry(
  registry: OciRegistry,
  folder: string,
  repositories: readonly string[],
): Promise<GuardedRegistry> {
  const refused: string[] = [];
  const allowed = new Set<string>();
  let identity: Identity | undefined;

  /** What a request takes, as action and resource; undefined for one that nobody knows here. */
  const demandOf = ({ method, url = '' }: IncomingMessage) => {
    if (/^\/v2\/?$/.test(url)) return { action: 'ecr:GetAuthorizationToken', resource: '*' };
    const arn = repositories.find((one) => url.startsWith(`/v2/${nameOf(one)}/`));
    const rest = arn && url.slice(`/v2/${nameOf(arn)}/`.length);
    const action = ACTIONS.find(([pattern]) => pattern.test(`${method} ${rest}`))?.[1];
    return arn && action ? { action, resource: arn } : undefined;
  };

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const demand = demandOf(incoming);
    // What is not known here must not pass for allowed.
    if (!demand || !identity || !(await isAllowed(identity, demand))) {
      refused.push(demand ? `${demand.action} on ${demand.resource}` : `${incoming.method} ${incoming.url}`);
      const errors = [{ code: 'DENIED', message: `not authorized to perform: ${refused.at(-1)}` }];
      outgoing.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ errors }));
      return;
    }
    allowed.add(demand.action);
    const { method, url: path, headers } = incoming;
    const [hostname, port] = registry.host.split(':');
    const forwarded = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  };
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  const config = join(folder, 'regctl-guarded.json');
  writeFileSync(config, JSON.stringify({ hosts: { [host]: { tls: 'disabled' } } }));
  return {
    host,
    env: { ...registry.env, REGCTL_CONFIG: config },
    refused,
    allowed,
    become(next) {
      identity = next;
      refused.length = 0;
      allowed.clear();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function nameOf(arn: string): string {
  return arn.split(':repository/')[1]!;
}
