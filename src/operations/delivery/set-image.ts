import { type Session, say } from '../session';
import { checkedDigest, digestPath, nameImage } from './digest-file';
import { type DeliveryEnvironment, findEnvironment } from './environments';
import { checkedReason } from './unsigned';
import { tellWorkflow } from './workflow-output';

/** An image that is named for an environment. */
export interface NamedImage {
  readonly digest: string;
  /** Its tag, if one is known. */
  readonly tag?: string;
  /** Reason not to check its signature. */
  readonly unsigned?: string;
}

/** As much of a session as naming an image takes. */
type NamingSession = Pick<Session, 'root' | 'env' | 'stdout'>;

/**
 * Names the image of an environment, and checks nothing of it.
 *
 * @throws Failed for an unknown environment, an invalid digest or reason
 */
export function setImage(
  session: NamingSession,
  name: string | undefined,
  digest: string | undefined,
  unsigned?: string,
): void {
  const environment = findEnvironment(session, name);
  moveTo(session, environment, {
    digest: checkedDigest(digest ?? session.env.DIGEST),
    unsigned: checkedReason(unsigned),
  });
}

/** Writes the digest file, tells the workflow, and says the next step. */
export function moveTo(session: NamingSession, to: DeliveryEnvironment, { digest, tag, unsigned }: NamedImage): void {
  const path = digestPath(to);
  const image = tag === undefined ? digest : `${digest} (${tag})`;
  tellWorkflow(session, { digest, environment: to.name, tag: tag ?? '' });
  say(
    session,
    nameImage(session, to, digest, unsigned)
      ? `${path} now names ${image}. To take it, commit and merge that file; ${to.roles ? 'then it is deployed' : `then run npm run deploy:${to.name}`}.`
      : `${path} names ${image} already.`,
  );
}
