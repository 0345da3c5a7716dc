import { Failed } from '../failed';
import { readJson, type Session } from '../session';
import { checkedDigest, digestPath } from './digest-file';
import { findEnvironment } from './environments';
import { checkThere, earlierImages, versionTagOf } from './images';
import { moveTo } from './set-image';
import { checkedReason } from './unsigned';
import { tellWorkflow } from './workflow-output';

/**
 * Names an image again that the environment's file named before, if the conventions are still the same.
 *
 * @param given its digest. Default: the variable DIGEST
 * @param unsigned reason not to check its signature. Default: the reason of that time
 * @throws Failed if there is none of that digest, with a list of the existing ones
 */
export async function rollback(
  session: Session,
  name: string | undefined,
  given: string | undefined,
  unsigned?: string,
): Promise<void> {
  const reason = checkedReason(unsigned);
  const to = findEnvironment(session, name);
  const earlier = await earlierImages(session, to);
  const known =
    earlier.length === 0
      ? 'There is none to go back to.'
      : `There are:\n${earlier.map((one) => `  ${one.digest}`).join('\n')}`;
  const digest = checkedDigest(given ?? session.env.DIGEST, known);
  const image = earlier.find((one) => one.digest === digest);
  if (!image) throw new Failed(`${digest} is no image that ${digestPath(to)} named before. ${known}`);
  const { conventions } = readJson<{ conventions: string }>(session, 'mcp-deploy.json');
  if (image.conventions !== conventions) {
    throw new Failed(
      `${digest} ran with conventions ${image.conventions}, and this repository has ${conventions}: with variables that are not its own, a server may start without authentication. Go back by git revert, to answers and image together: docs/deployment.md, Roll back.`,
    );
  }
  await checkThere(session, to, digest);
  const why = reason ?? image.unsigned;
  tellWorkflow(session, { unsigned: why ?? '' });
  moveTo(session, to, { digest, tag: await versionTagOf(session, to.registry.uri, digest), unsigned: why });
}
