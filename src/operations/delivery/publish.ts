import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { Failed, ProgramFailure } from '../failed';
import { type Session, say } from '../session';
import { type DeliveryEnvironment, environmentsOf } from './environments';
import { type PinnedImage, readImage, tagOf } from './image-tag';
import { checkPlatform, findDigest, logIn } from './images';
import { runTool } from './run-tool';
import { moveTo } from './set-image';
import { checkedReason } from './unsigned';
import { tellWorkflow } from './workflow-output';

const PLATFORM = 'linux/amd64';

/** The maker of an image for each mode. */
const MAKERS: Readonly<
  Record<PinnedImage['mode'], (session: Session, source: string, reference: string) => Promise<void>>
> = { mirror, shim, build: (session, source, reference) => build(session, source, reference) };

/** How an image is published. */
export interface PublishOptions {
  /**
   * File that says which image this run of the workflow made; absolute. A run that failed after it had made its image, and is run again,
   * still did make it. The registry cannot say so: whoever may push could then have an image of theirs signed.
   */
  readonly made?: string;
  /** Why nobody shall look for the image's signature. */
  readonly unsigned?: string;
}

/**
 * Makes the image, pushes it to the registry of the first environment, and names it there.
 *
 * @throws Failed for what cannot be made, or for what is no reason
 */
export async function publishImage(session: Session, { made: note, unsigned }: PublishOptions): Promise<void> {
  const reason = checkedReason(unsigned);
  const first = environmentsOf(session)[0]!;
  const { digest, tag, isNew } = await publish(session, first);
  if (note !== undefined && isNew) noteMade(note, digest);
  const made = isNew || (note !== undefined && madeBefore(note) === digest);
  tellWorkflow(session, { made: String(made) });
  moveTo(session, first, { digest, tag, unsigned: reason });
}

/**
 * Makes the image that docker/image.json describes. An existing image is not made again: its tag is a hash of
 * everything that goes into it, and tags are immutable.
 *
 * @returns digest and tag of the image, and whether it was made now
 */
async function publish(session: Session, { registry }: DeliveryEnvironment) {
  const image = readImage(session);
  const tag = tagOf(session, image);
  const reference = `${registry.uri}:${tag}`;
  await logIn(session, reference, { others: image.mode === 'mirror' ? [] : ['docker'] });
  const there = await findDigest(session, reference);
  if (there === undefined) {
    await MAKERS[image.mode](session, image.source, reference);
  } else {
    say(session, `${reference} is there already.`);
  }
  const digest = there ?? (await findDigest(session, reference));
  if (digest === undefined) throw new Failed(`${reference} was pushed, and is not there.`);
  await checkPlatform(session, `${registry.uri}@${digest}`);
  return { digest, tag, isNew: there === undefined };
}

function noteMade(file: string, digest: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ digest }));
}

function madeBefore(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).digest : undefined;
}

async function mirror(session: Session, source: string, reference: string): Promise<void> {
  // Not what old tools keep under tags of digests: to find it, regctl lists the tags, and a permission to pull does not include that.
  await runTool(session, ['regctl', 'image', 'copy', '--referrers', await upstreamImage(session, source), reference]);
}

async function shim(session: Session, source: string, reference: string): Promise<void> {
  // What Docker says when it fails is for people: nothing tells a refused pull from other failures.
  await upstreamImage(session, source, ['docker']);
  await build(session, join(session.root, 'docker'), reference, ['--build-arg', `UPSTREAM=${source}`]);
}

/** regctl's errors if a registry, or a proxy before it, refuses access. */
const REFUSED = /unauthorized|forbidden|http 40[13]/i;

/**
 * Upstream's image for the platform that tasks run on, by its own digest.
 *
 * @param others programs that pull it, too
 * @throws Failed if its registry refuses the pull, and if it has no such image
 */
async function upstreamImage(session: Session, source: string, others: readonly string[] = []): Promise<string> {
  try {
    await logIn(session, source, { others });
    const digest = await runTool(session, ['regctl', 'image', 'digest', '--platform', PLATFORM, source]);
    const image = `${source.replace(/@.*$/, '')}@${digest}`;
    await checkPlatform(session, image);
    return image;
  } catch (error) {
    const isRefused =
      error instanceof ProgramFailure && error.message.startsWith('regctl ') && REFUSED.test(error.output);
    throw isRefused ? new Failed(refusal(source, error.message)) : error;
  }
}

const refusal = (
  source: string,
  said: string,
) => `Upstream's registry ${source.split('/')[0]} refused the pull of ${source}.
docs/image.md says what to do: "When upstream's registry refuses". The way out is mode build, which makes the image of upstream's
source: set image.mode to build and image.commit in mcp-deploy.json, run npx projen, and publish again.

${said}`;

/** Uses no cache, and adds no attestations: those refer to the image, and are no part of it. */
async function build(session: Session, folder: string, reference: string, args: readonly string[] = []) {
  const plain = ['--no-cache', '--pull', '--provenance=false', '--sbom=false'];
  const words = ['--platform', PLATFORM, ...plain, ...args, '--tag', reference, '--push', folder];
  await runTool(session, ['docker', 'buildx', 'build', ...words], { show: true });
}
