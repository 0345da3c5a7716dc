import { Failed } from '../failed';
import { type Session, say } from '../session';
import { digestOf, digestPath, unsignedReason } from './digest-file';
import { type DeliveryEnvironment, deliveryData } from './environments';
import { logIn } from './images';
import { runTool, runToolAccepting } from './run-tool';
import { checkedReason } from './unsigned';
import { summarise } from './workflow-output';

/** The publisher's statements, and cosign's words to verify each. */
const SIGNED = {
  signature: ['verify'],
  'bill of materials': ['verify-attestation', '--type', 'spdxjson'],
  provenance: ['verify-attestation', '--type', 'slsaprovenance1'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Signed = keyof typeof SIGNED;

/**
 * Asks cosign whether a publisher signed something of an image.
 *
 * @param identity the workflow that signs, and the branch that it is of
 * @throws ProgramFailure if nobody did, or cosign cannot be started
 */
export async function verifySigned(session: Session, what: Signed, identity: string, reference: string): Promise<void> {
  const { issuer } = deliveryData(session).publisher;
  const by = ['--certificate-oidc-issuer', issuer, '--certificate-identity', identity];
  await runTool(session, ['cosign', ...SIGNED[what], ...by, reference]);
}

/**
 * Checks the signature of an environment's image, unless its digest file or the caller gives a reason not to.
 *
 * @throws Failed if no image is named, or it is not signed
 */
export async function checkSignatureOf(
  session: Session,
  environment: DeliveryEnvironment,
  unsigned?: string,
): Promise<void> {
  const digest = digestOf(session, environment);
  if (digest === null) throw new Failed(`No image is named for ${environment.name} yet.`);
  const { name, registry } = environment;
  const hint = `npm run set-image:${name} -- ${digest} --unsigned REASON, and merge ${digestPath(environment)}`;
  const reason = checkedReason(unsigned) ?? checkedReason(unsignedReason(session, environment));
  await checkSignature(session, environment, `${registry.uri}@${digest}`, reason, hint);
}

/**
 * Checks that an environment's image, in any registry, was signed by its publisher: the workflow `publish-image` of the
 * default branch.
 *
 * @param unsigned reason not to check
 * @param hint the way without a signature
 * @throws Failed if anything is not signed by the publisher
 */
export async function checkSignature(
  session: Session,
  { name, verifySignature }: DeliveryEnvironment,
  reference: string,
  unsigned: string | undefined,
  hint: string,
): Promise<void> {
  if (!verifySignature) {
    say(session, `${name}: no signature is asked for (delivery.verifySignature).`);
    return;
  }
  if (unsigned !== undefined) {
    summarise(session, `${name}: nobody looked for a signature of ${reference}. The reason that was given:`, unsigned);
    return;
  }
  const { issuer, workflow } = deliveryData(session).publisher;
  const identity = `${workflow}@refs/heads/${await defaultBranch(session)}`;
  await logIn(session, reference, { others: ['cosign'], regctl: false });
  for (const what of Object.keys(SIGNED) as Signed[]) {
    try {
      await verifySigned(session, what, identity, reference);
    } catch (error) {
      const lines = [
        `${reference} is not signed as ${name} demands (delivery.verifySignature). Its ${what} must be by ${identity}, as ${issuer} says.`,
        'Take an image that the workflow publish-image published: it signs what it makes.',
        `If you know better, say why: ${hint}.`,
      ];
      throw new Failed([...lines, '', (error as Error).message].join('\n'));
    }
  }
  say(session, `${name}: ${reference} is signed by ${identity}.`);
}

/** The branch that publishes: from the workflow's variable; by hand, from the remote, or else main. */
async function defaultBranch(session: Session): Promise<string> {
  if (session.env.DEFAULT_BRANCH) return session.env.DEFAULT_BRANCH;
  const asked = ['git', 'symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD'];
  const { exitCode, stdout } = await runToolAccepting(session, [0, 1, 128], asked);
  return exitCode === 0 ? stdout.replace(/^origin\//, '') : 'main';
}
