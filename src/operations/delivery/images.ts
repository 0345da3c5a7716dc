import { readEcrHost } from '../../model/image';
import { Failed, ProgramFailure } from '../failed';
import type { Session } from '../session';
import { checkedDigest, digestPath, namedDigest, parsed } from './digest-file';
import type { DeliveryEnvironment } from './environments';
import { runTool } from './run-tool';

interface Platform {
  readonly os?: string;
  readonly architecture?: string;
}

/** Platform of the task definitions. */
const PLATFORM = { os: 'linux', architecture: 'amd64' };
const INDEXES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/** An image that an environment's digest file named in an earlier commit. */
export interface EarlierImage {
  readonly digest: string;
  /** Conventions of the repository at that time. */
  readonly conventions?: string;
  /** Reason why its signature was not checked. */
  readonly unsigned?: string;
}

/**
 * The images that an environment's file has named in the commits of this branch, the newest first, without the current
 * one. Merges count, the single commits of a merged branch do not.
 *
 * @throws Failed if this clone does not have the whole history
 */
export async function earlierImages(session: Session, environment: DeliveryEnvironment): Promise<EarlierImage[]> {
  const git = (...args: string[]) => runTool(session, ['git', ...args]);
  if ((await git('rev-parse', '--is-shallow-repository')) === 'true') {
    throw new Failed(
      'This working copy has only a part of the history, so earlier images are unknown: git fetch --unshallow',
    );
  }
  const path = digestPath(environment);
  const log = await git('log', '--first-parent', '--format=%H', '--diff-filter=AM', '--', path);
  const images = new Map<string, EarlierImage>();
  for (const commit of log.split('\n').filter(Boolean)) {
    const { digest, unsigned } = parsed(await git('show', `${commit}:./${path}`));
    if (digest && !images.has(digest)) {
      const answers = parsed<{ conventions: string }>(await git('show', `${commit}:./mcp-deploy.json`));
      images.set(digest, { digest, conventions: answers.conventions, unsigned });
    }
  }
  images.delete(String(namedDigest(session, environment)));
  return [...images.values()];
}

/**
 * Logs regctl and other programs in to the registry of a reference, if it is of ECR. You log in to others yourself.
 *
 * @param others names of programs that take the words of `docker login`
 */
export async function logIn(
  session: Session,
  reference: string,
  { others = [], regctl = true }: { readonly others?: readonly string[]; readonly regctl?: boolean } = {},
): Promise<void> {
  const [host = ''] = reference.split('/');
  const ecr = readEcrHost(host);
  if (!ecr) return;
  const input = await runTool(session, ['aws', 'ecr', 'get-login-password', '--region', ecr.region]);
  if (regctl) {
    await runTool(session, ['regctl', 'registry', 'login', '--user', 'AWS', '--pass-stdin', host], { input });
  }
  for (const command of others) {
    await runTool(session, [command, 'login', '--username', 'AWS', '--password-stdin', host], { input });
  }
}

/** The digest that a reference stands for; undefined if its repository has no such image. */
export async function findDigest(session: Session, reference: string): Promise<string | undefined> {
  try {
    return checkedDigest(await runTool(session, ['regctl', 'manifest', 'head', reference]));
  } catch (error) {
    if (error instanceof ProgramFailure && /http 404|not found/.test(error.output)) return undefined;
    throw error;
  }
}

/** Tag of a published image: its version, and a hash of its content. */
const VERSION_TAG = /^(?!promoted-)[A-Za-z0-9_][A-Za-z0-9_.-]*-[0-9a-f]{12}$/;

/** The tag with the version of an image in a repository; undefined if it has none. */
export async function versionTagOf(session: Session, repository: string, digest: string): Promise<string | undefined> {
  const tags = (await runTool(session, ['regctl', 'tag', 'ls', repository]))
    .split('\n')
    .filter((tag) => VERSION_TAG.test(tag));
  // The newest first, which is mostly the one.
  for (const tag of tags.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))) {
    if ((await findDigest(session, `${repository}:${tag}`)) === digest) return tag;
  }
  return undefined;
}

interface ImageManifest {
  readonly mediaType?: string;
  readonly config?: { readonly digest: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** @throws Failed if it is not one image, of the platform that tasks run on */
export async function checkPlatform(session: Session, reference: string): Promise<void> {
  const { mediaType = '', config } = await manifestOf(session, reference);
  if (INDEXES.includes(mediaType) || !config) {
    throw new Failed(
      `${reference} is an index of images, and a service runs one image: take the digest of its ${nameOf(PLATFORM)}.`,
    );
  }
  const blob = await runTool(session, ['regctl', 'blob', 'get', repositoryOf(reference), config.digest]);
  const { os, architecture } = JSON.parse(blob) as Platform;
  if (os !== PLATFORM.os || architecture !== PLATFORM.architecture) {
    throw new Failed(
      `${reference} is an image for ${nameOf({ os, architecture })}, and tasks run on ${nameOf(PLATFORM)}.`,
    );
  }
}

async function manifestOf(session: Session, reference: string): Promise<ImageManifest> {
  return JSON.parse(await runTool(session, ['regctl', 'manifest', 'get', '--format', 'raw-body', reference]));
}

function nameOf({ os, architecture }: Platform): string {
  return `${os || 'an unknown system'}/${architecture || 'unknown'}`;
}

/** A reference without its tag or digest. */
function repositoryOf(reference: string): string {
  return reference.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
}

/** Something that refers to an image. */
export interface Referrer {
  readonly digest: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The referrers of an image. Not every registry lists the annotations, so each manifest is read. */
export async function referrersOf(session: Session, reference: string): Promise<Referrer[]> {
  const list = await runTool(session, ['regctl', 'artifact', 'list', reference, '--format', '{{json .}}']);
  const { descriptors } = JSON.parse(list) as { readonly descriptors?: readonly { readonly digest: string }[] };
  const referrers: Referrer[] = [];
  for (const { digest } of descriptors ?? []) {
    const { annotations } = await manifestOf(session, `${repositoryOf(reference)}@${digest}`);
    referrers.push({ digest, annotations });
  }
  return referrers;
}

/** Copies an image as it is, with all that refers to it: signatures and attestations. */
export async function copyWithReferrers(session: Session, from: string, to: string): Promise<void> {
  await runTool(session, ['regctl', 'image', 'copy', '--referrers', '--digest-tags', from, to]);
}

/** @throws Failed if the registry of an environment has no such image, or it is not of the platform that tasks run on */
export async function checkThere(session: Session, { registry }: DeliveryEnvironment, digest: string): Promise<void> {
  const reference = `${registry.uri}@${digest}`;
  await logIn(session, reference);
  if ((await findDigest(session, reference)) === undefined) throw new Failed(`There is no ${reference} any more.`);
  await checkPlatform(session, reference);
}
