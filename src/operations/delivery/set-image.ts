import { checkedDigest, digestPath, nameImage } from './digest-file';
import { type DeliveryEnvironment, findEnvironment } from './environments';
import { checkedReason } from './unsigned';
import { tellWorkflow, type WorkingCopy } from './working-copy';

/** An image that is named for an environment. */
export interface NamedImage {
  readonly digest: string;
  /** Its tag, if one is known. */
  readonly tag?: string;
  /** Reason not to check its signature. */
  readonly unsigned?: string;
}

/**
 * Names the image of an environment, and checks nothing of it.
 *
 * @throws Failed for an unknown environment, an invalid digest or reason
 */
export function setImage(
  copy: WorkingCopy,
  name: string | undefined,
  digest: string | undefined,
  unsigned?: string,
): void {
  const environment = findEnvironment(copy, name);
  moveTo(copy, environment, { digest: checkedDigest(digest ?? copy.env.DIGEST), unsigned: checkedReason(unsigned) });
}

/** Writes the digest file, tells the workflow, and says the next step. */
export function moveTo(copy: WorkingCopy, to: DeliveryEnvironment, { digest, tag, unsigned }: NamedImage): void {
  const path = digestPath(to);
  const image = tag === undefined ? digest : `${digest} (${tag})`;
  tellWorkflow(copy, { digest, environment: to.name, tag: tag ?? '' });
  copy.say(
    nameImage(copy, to, digest, unsigned)
      ? `${path} now names ${image}. To take it, commit and merge that file; then it is deployed.`
      : `${path} names ${image} already.`,
  );
}
