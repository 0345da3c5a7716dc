import { Failed } from '../failed';
import { checkedDigest, digestPath } from './digest-file';
import { findEnvironment } from './environments';
import { checkThere, earlierImages, versionTagOf } from './images';
import { moveTo } from './set-image';
import { checkedReason } from './unsigned';
import { readJson, tellWorkflow, type WorkingCopy } from './working-copy';

/**
 * Names an image again that the environment's file named before, if the conventions are still the same.
 *
 * @param given its digest. Default: the variable DIGEST
 * @param unsigned reason not to check its signature. Default: the reason of that time
 * @throws Failed if there is none of that digest, with a list of the existing ones
 */
export async function rollback(
  copy: WorkingCopy,
  name: string | undefined,
  given: string | undefined,
  unsigned?: string,
): Promise<void> {
  const reason = checkedReason(unsigned);
  const to = findEnvironment(copy, name);
  const earlier = await earlierImages(copy, to);
  const known =
    earlier.length === 0
      ? 'There is none to go back to.'
      : `There are:\n${earlier.map((one) => `  ${one.digest}`).join('\n')}`;
  const digest = checkedDigest(given ?? copy.env.DIGEST, known);
  const image = earlier.find((one) => one.digest === digest);
  if (!image) throw new Failed(`${digest} is no image that ${digestPath(to)} named before. ${known}`);
  const { conventions } = readJson<{ conventions: string }>(copy, 'mcp-deploy.json');
  if (image.conventions !== conventions) {
    throw new Failed(
      `${digest} ran with conventions ${image.conventions}, and this repository has ${conventions}: with variables that are not its own, a server may start without authentication. Go back by git revert, to answers and image together: docs/deployment.md, Roll back.`,
    );
  }
  await checkThere(copy, to, digest);
  const why = reason ?? image.unsigned;
  tellWorkflow(copy, { unsigned: why ?? '' });
  moveTo(copy, to, { digest, tag: await versionTagOf(copy, to.registry.uri, digest), unsigned: why });
}
