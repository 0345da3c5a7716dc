import { join } from 'node:path';

import { Failed } from '../failed';
import { type DeliveryEnvironment, environmentsOf } from './environments';
import { type PinnedImage, readImage, tagOf } from './image-tag';
import { checkPlatform, copyWithReferrers, findDigest, logIn, referrersOf } from './images';
import { ProgramFailure, run } from './run';
import { moveTo } from './set-image';
import { checkedReason } from './unsigned';
import { tellWorkflow, type WorkingCopy } from './working-copy';

const PLATFORM = 'linux/amd64';

/** The maker of an image for each mode. */
const MAKERS: Readonly<
  Record<PinnedImage['mode'], (copy: WorkingCopy, source: string, reference: string) => Promise<void>>
> = { mirror, shim, build: (copy, source, reference) => build(copy, source, reference) };

/**
 * Makes the image, pushes it to the registry of the first environment, and names it there.
 *
 * @param unsigned reason not to check its signature
 * @throws Failed if the image cannot be made, or the reason is not valid
 */
export async function publishImage(copy: WorkingCopy, unsigned?: string): Promise<void> {
  const reason = checkedReason(unsigned);
  const first = environmentsOf(copy)[0]!;
  const { digest, tag, made } = await publish(copy, first);
  tellWorkflow(copy, { made: String(made) });
  moveTo(copy, first, { digest, tag, unsigned: reason });
}

/**
 * Makes the image that docker/image.json describes. An existing image is not made again: its tag is a hash of
 * everything that goes into it, and tags are immutable.
 *
 * @returns digest and tag of the image, and whether this made it
 */
async function publish(copy: WorkingCopy, { registry }: DeliveryEnvironment) {
  const image = readImage(copy);
  const tag = tagOf(copy, image);
  const reference = `${registry.uri}:${tag}`;
  await logIn(copy, reference, { others: image.mode === 'mirror' ? [] : ['docker'] });
  const there = await findDigest(copy, reference);
  if (there === undefined) {
    await MAKERS[image.mode](copy, image.source, reference);
  } else {
    copy.say(`${reference} is there already.`);
  }
  const digest = there ?? (await findDigest(copy, reference));
  if (digest === undefined) throw new Failed(`${reference} was pushed, and is not there.`);
  const byDigest = `${registry.uri}@${digest}`;
  await checkPlatform(copy, byDigest);
  if (there === undefined) await noteRun(copy, byDigest);
  return { digest, tag, made: there === undefined || (await isOfThisRun(copy, byDigest)) };
}

const RUN_TYPE = 'application/vnd.create-quilt-mcp-deploy.run';
const RUN_KEY = 'create-quilt-mcp-deploy.run';

function thisRun({ env }: WorkingCopy): string | undefined {
  return env.GITHUB_RUN_ID && `${env.GITHUB_REPOSITORY}/${env.GITHUB_RUN_ID}`;
}

/** Notes at the image which run of a workflow made it: one that failed later, and is run again, still did. */
async function noteRun(copy: WorkingCopy, reference: string): Promise<void> {
  const id = thisRun(copy);
  if (!id) return;
  const what = ['--artifact-type', RUN_TYPE, '--annotation', `${RUN_KEY}=${id}`];
  await run(copy, ['regctl', 'artifact', 'put', '--subject', reference, ...what], { input: '' });
}

async function isOfThisRun(copy: WorkingCopy, reference: string): Promise<boolean> {
  const id = thisRun(copy);
  const referrers = id ? await referrersOf(copy, reference) : [];
  return referrers.some(({ annotations }) => annotations?.[RUN_KEY] === id);
}

async function mirror(copy: WorkingCopy, source: string, reference: string): Promise<void> {
  await copyWithReferrers(copy, await upstreamImage(copy, source), reference);
}

async function shim(copy: WorkingCopy, source: string, reference: string): Promise<void> {
  // Docker's error output is for people: nothing tells a refused pull from other failures.
  await upstreamImage(copy, source, ['docker']);
  await build(copy, join(copy.root, 'docker'), reference, ['--build-arg', `UPSTREAM=${source}`]);
}

/** regctl's errors if a registry, or a proxy before it, refuses access. */
const REFUSED = /unauthorized|forbidden|http 40[13]/i;

/**
 * Upstream's image for the platform that tasks run on, by its own digest.
 *
 * @param others programs that pull it, too
 * @throws Failed if its registry refuses the pull, and if it has no such image
 */
async function upstreamImage(copy: WorkingCopy, source: string, others: readonly string[] = []): Promise<string> {
  try {
    await logIn(copy, source, { others });
    const digest = await run(copy, ['regctl', 'image', 'digest', '--platform', PLATFORM, source]);
    const image = `${source.replace(/@.*$/, '')}@${digest}`;
    await checkPlatform(copy, image);
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
async function build(copy: WorkingCopy, folder: string, reference: string, args: readonly string[] = []) {
  const plain = ['--no-cache', '--pull', '--provenance=false', '--sbom=false'];
  const words = ['--platform', PLATFORM, ...plain, ...args, '--tag', reference, '--push', folder];
  await run(copy, ['docker', 'buildx', 'build', ...words], { show: true });
}
