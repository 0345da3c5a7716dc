import { shellWords } from '../shell-word';
import { quoted } from './markdown';

/** That an environment runs another image, and what those want to know who approve it. */
export interface ImageChange {
  readonly environment: string;
  readonly digest: string;
  /** The file that names the image. */
  readonly file: string;
  /** The branch that it is for. */
  readonly into: string;
  /** Digest of the image that is named now, if one is. */
  readonly before?: string;
  readonly kind?: string;
  readonly tag?: string;
  readonly promotedFrom?: string;
  /** Why nobody looks for the image's signature. */
  readonly unsigned?: string;
  /** Address of the run that made the change. */
  readonly run?: string;
}

/** Title of a change of no kind, and subject of every proposal's commit, by which a later one knows it. */
export function imageSubject(environment: string): string {
  return `Name the image of ${environment}`;
}

/** The title of the pull request, and of the commit that is made by hand. */
export function imageTitle({ kind, environment, digest, tag = '' }: ImageChange): string {
  // Such a tag says no more than the digest.
  const image = tag === '' || tag.startsWith('promoted-') ? digest.slice(0, 19) : tag;
  const titles: Readonly<Record<string, string>> = {
    publish: `Publish ${image} to ${environment}`,
    promote: `Promote ${image} to ${environment}`,
    rollback: `Roll back ${environment} to ${image}`,
  };
  return titles[kind ?? ''] ?? imageSubject(environment);
}

/** Commands that do the same by hand, a line each. A branch's name may have characters that a shell reads as its own. */
export function imageCommands(change: ImageChange): string {
  const { environment, digest, file, into, before, promotedFrom, unsigned, run } = change;
  const facts = [
    `From ${before ?? 'no image'} to ${digest}`,
    ...(promotedFrom ? [`promoted from ${promotedFrom}`] : []),
    ...(run ? [`by ${run}`] : []),
  ];
  const words = shellWords({
    branch: `image-of-${environment}/${digest.slice(7, 19)}`,
    task: `set-image:${environment}`,
    digest,
    reason: unsigned ?? '',
    title: imageTitle(change),
    facts: facts.join(', '),
    file,
    into,
  });
  return [
    `git switch --create ${words.branch}`,
    `npm run ${words.task} -- ${words.digest}${unsigned ? ` --unsigned ${words.reason}` : ''}`,
    `git commit --message ${words.title} --message ${words.facts} -- ${words.file}`,
    `git push --set-upstream origin ${words.branch}`,
    `gh pr create --base ${words.into} --fill`,
  ].join('\n');
}

/** Text for somebody who does it by hand. */
export function imageByHand(change: ImageChange): string {
  const { digest, environment, into } = change;
  return `To name ${digest} for ${environment}, on a working copy of ${into}:\n\n${quoted(imageCommands(change))}`;
}

/** The text of the pull request. */
export function imageBody(change: ImageChange): string {
  const { environment, digest, before, kind, tag, promotedFrom, unsigned, run } = change;
  const facts = { kind, from: before ?? 'no image', to: digest, tag, 'promoted from': promotedFrom };
  const items = Object.entries(facts).flatMap(([name, value]) => (value ? [`- ${name}: \`${value}\``] : []));
  const reason = `Nobody looks for a signature of this image. The reason that was given:\n\n${quoted(unsigned ?? '')}`;
  return [
    `What \`${environment}\` is to run. Merging this deploys it, after the review that the GitHub environment asks for.\n`,
    [...items, ...(run ? [`- run: ${run}`] : []), ''].join('\n'),
    ...(unsigned ? [reason] : []),
    'The same by hand:\n',
    quoted(imageCommands(change)),
  ].join('\n');
}
