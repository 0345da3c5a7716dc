import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Failed } from '../failed';
import { type Session, say } from '../session';
import { digestOf, digestPath } from './digest-file';
import { type DeliveryEnvironment, environmentBefore, findEnvironment } from './environments';
import { checkPlatform, checkThere, copyWithReferrers, findDigest, logIn, versionTagOf } from './images';
import { runTool } from './run-tool';
import { moveTo } from './set-image';
import { checkSignature } from './signature';
import { checkedReason } from './unsigned';
import { tellWorkflow } from './workflow-output';

/** Options of a promotion. */
export interface PromoteOptions {
  /** Only copy the image into this folder. */
  readonly pull?: string;
  /** Only copy it out of this folder, and name it. */
  readonly push?: string;
  /** Reason not to check its signature. */
  readonly unsigned?: string;
}

/**
 * Copies the image of the environment before, by its digest, and names it. It goes through a folder, in two steps, if
 * no credentials are for both registries.
 *
 * @throws Failed if there is no image to promote, or it must not be
 */
export async function promote(
  session: Session,
  name: string | undefined,
  { pull, push, unsigned: reason }: PromoteOptions,
): Promise<void> {
  if (pull !== undefined && push !== undefined) {
    throw new Failed('--pull and --push are two steps: the one into the folder, then the other out of it.');
  }
  const unsigned = checkedReason(reason);
  const to = findEnvironment(session, name);
  const from = environmentBefore(session, to);
  const digest = digestOf(session, from);
  if (digest === null) {
    throw new Failed(`${from.name} has no image to promote: ${digestPath(from)} names none.`);
  }
  if (from.registry.uri === to.registry.uri) {
    await promoteWithin(session, { to, from, digest, unsigned }, pull !== undefined);
    return;
  }
  const folder = pull ?? push ?? mkdtempSync(join(tmpdir(), 'promote-'));
  try {
    if (push === undefined) {
      await checkSignature(session, to, `${from.registry.uri}@${digest}`, unsigned, withoutSignature(to));
      await pullTo(session, folder, from, digest);
    }
    if (pull === undefined) {
      const tag = await pushFrom(session, folder, to, digest);
      tellWorkflow(session, { from: from.name });
      moveTo(session, to, { digest, tag, unsigned });
    }
  } finally {
    if (pull === undefined && push === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function withoutSignature({ name }: DeliveryEnvironment): string {
  return `npm run promote:${name} -- --unsigned REASON`;
}

interface Promotion {
  readonly to: DeliveryEnvironment;
  readonly from: DeliveryEnvironment;
  readonly digest: string;
  readonly unsigned?: string;
}

/** In a shared registry nothing is copied: the image is looked up, and named. */
async function promoteWithin(session: Session, { to, from, digest, unsigned }: Promotion, onlyPull: boolean) {
  if (onlyPull) {
    say(session, `${from.name} and ${to.name} share a registry: nothing is copied.`);
    return;
  }
  await checkThere(session, to, digest);
  await checkSignature(session, to, `${to.registry.uri}@${digest}`, unsigned, withoutSignature(to));
  tellWorkflow(session, { from: from.name });
  moveTo(session, to, { digest, tag: await versionTagOf(session, to.registry.uri, digest), unsigned });
}

/** The folder has the image by the name `image` and, if one says its version, by that tag. */
async function pullTo(session: Session, folder: string, { registry }: DeliveryEnvironment, digest: string) {
  const source = `${registry.uri}@${digest}`;
  await logIn(session, source);
  if ((await findDigest(session, source)) === undefined) throw new Failed(`There is no ${source}: was it published?`);
  await checkPlatform(session, source);
  const image = `ocidir://${folder}:image`;
  await copyWithReferrers(session, source, image);
  const version = await versionTagOf(session, registry.uri, digest);
  if (version !== undefined)
    await runTool(session, ['regctl', 'image', 'copy', image, `ocidir://${folder}:${version}`]);
}

/** @returns the tag that the image has there */
async function pushFrom(session: Session, folder: string, { registry }: DeliveryEnvironment, digest: string) {
  const source = `ocidir://${folder}:image`;
  if ((await findDigest(session, source)) !== digest) throw new Failed(`${folder} does not hold ${digest}.`);
  await checkPlatform(session, source);
  await logIn(session, registry.uri);
  const version = await versionTagOf(session, `ocidir://${folder}`, digest);
  const { tag, isNew } = await tagOfCopy(session, registry.uri, digest, version);
  // A tag that is there already is immutable, but what refers to the image may be new.
  await copyWithReferrers(session, source, isNew ? `${registry.uri}:${tag}` : `${registry.uri}@${digest}`);
  return tag;
}

/** A tag keeps an image from expiring: the one that says its version, or, if that is of another image there, one of its own. */
async function tagOfCopy(session: Session, repository: string, digest: string, version: string | undefined) {
  const own = `promoted-${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`;
  for (const tag of version === undefined ? [own] : [version, own]) {
    const there = await findDigest(session, `${repository}:${tag}`);
    if (there === undefined || there === digest) return { tag, isNew: there === undefined };
  }
  throw new Failed(`${repository}:${own} is another image, and should be ${digest}.`);
}
