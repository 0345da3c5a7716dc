import { describeValue, type Problem } from '../../config/problem';
import { type Answers, IMAGE_MODES } from '../../config/repository';
import { conventionsOf, isWithin } from '../../conventions';
import { defaultImageMode, UPSTREAM_SOURCE } from '../image';
import { type Draft, looseObject } from '../unchecked';

export function imageVersion({ answers, conventions }: Draft): Problem[] {
  const { id, versions } = conventions;
  const { version } = looseObject<Answers['image']>(answers.image);
  if (typeof version !== 'string') {
    return [];
  }
  const refuse = (message: string) => [{ path: 'image.version', found: describeValue(version), message }];
  const isPublished = /^\d+\.\d+\.\d+$/.test(version);
  if (versions === null) {
    return isPublished ? refuse(`conventions ${id} are of images that have a tag, and no published version`) : [];
  }
  if (!isPublished) {
    return refuse(`must be a published version, e.g. ${versions.from}`);
  }
  if (isWithin(version, versions)) {
    return [];
  }
  const range =
    versions.below === undefined ? `${versions.from} or later` : `from ${versions.from}, below ${versions.below}`;
  const other = conventionsOf(version);
  const remedy = other ? `; version ${version} has conventions ${other.id}` : '';
  return refuse(`conventions ${id} are for version ${range}${remedy}`);
}

/** A shim needs a server that it fits, and source is built at one commit; neither takes the settings of the other. */
export function imageMode({ answers, conventions }: Draft): Problem[] {
  const { mode = defaultImageMode(conventions), commit, digest } = looseObject<Answers['image']>(answers.image);
  const problems: Problem[] = [];
  if (mode === 'shim' && !conventions.image.shim) {
    const message = `conventions ${conventions.id} have no shim, for their server is started in another way; take mirror or build`;
    problems.push({ path: 'image.mode', found: describeValue(mode), message });
  }
  if (mode === 'build' && commit === undefined) {
    const message = `is missing: mode build takes upstream's source at one commit; git ls-remote ${UPSTREAM_SOURCE} lists them`;
    problems.push({ path: 'image.commit', message });
  }
  if (mode !== 'build' && IMAGE_MODES.some((known) => known === mode) && commit !== undefined && commit !== null) {
    const message = `mode ${mode} takes upstream's image, not its source; remove it, or take mode build`;
    problems.push({ path: 'image.commit', found: describeValue(commit), message });
  }
  if (mode === 'build' && digest !== undefined && digest !== null) {
    const message = "mode build takes upstream's source, not its image; remove it";
    problems.push({ path: 'image.digest', found: describeValue(digest), message });
  }
  return problems;
}
