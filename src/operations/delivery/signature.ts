import { Failed } from '../failed';
import { digestOf, digestPath, unsignedReason } from './digest-file';
import { type DeliveryEnvironment, deliveryData } from './environments';
import { logIn } from './images';
import { run, runAccepting } from './run';
import { checkedReason } from './unsigned';
import { summarise, type WorkingCopy } from './working-copy';

/** The publisher's statements, and cosign's command to verify each. */
const SIGNED = [
  { what: 'signature', verify: ['verify'] },
  { what: 'bill of materials', verify: ['verify-attestation', '--type', 'spdxjson'] },
  { what: 'provenance', verify: ['verify-attestation', '--type', 'slsaprovenance1'] },
];

/**
 * Checks the signature of an environment's image, unless its digest file or the caller gives a reason not to.
 *
 * @throws Failed if no image is named, or it is not signed
 */
export async function checkSignatureOf(
  copy: WorkingCopy,
  environment: DeliveryEnvironment,
  unsigned?: string,
): Promise<void> {
  const digest = digestOf(copy, environment);
  if (digest === null) throw new Failed(`No image is named for ${environment.name} yet.`);
  const { name, registry } = environment;
  const hint = `npm run set-image:${name} -- ${digest} --unsigned REASON, and merge ${digestPath(environment)}`;
  const reason = checkedReason(unsigned) ?? unsignedReason(copy, environment);
  await checkSignature(copy, environment, `${registry.uri}@${digest}`, reason, hint);
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
  copy: WorkingCopy,
  { name, verifySignature }: DeliveryEnvironment,
  reference: string,
  unsigned: string | undefined,
  hint: string,
): Promise<void> {
  if (!verifySignature) {
    copy.say(`${name}: no signature is asked for (delivery.verifySignature).`);
    return;
  }
  if (unsigned !== undefined) {
    summarise(copy, `${name}: nobody looked for a signature of ${reference}. The reason that was given: ${unsigned}`);
    return;
  }
  const { issuer, workflow } = deliveryData(copy).publisher;
  const identity = `${workflow}@refs/heads/${await defaultBranch(copy)}`;
  await logIn(copy, reference, { others: ['cosign'], regctl: false });
  const by = ['--certificate-oidc-issuer', issuer, '--certificate-identity', identity];
  for (const { what, verify } of SIGNED) {
    try {
      await run(copy, ['cosign', ...verify, ...by, reference]);
    } catch (error) {
      const lines = [
        `${reference} is not signed as ${name} demands (delivery.verifySignature). Its ${what} must be by ${identity}, as ${issuer} says.`,
        'Take an image that the workflow publish-image published: it signs what it makes.',
        `If you know better, say why: ${hint}.`,
      ];
      throw new Failed([...lines, '', (error as Error).message].join('\n'));
    }
  }
  copy.say(`${name}: ${reference} is signed by ${identity}.`);
}

/** The branch that publishes: from the workflow's variable; by hand, from the remote, or else main. */
async function defaultBranch(copy: WorkingCopy): Promise<string> {
  if (copy.env.DEFAULT_BRANCH) return copy.env.DEFAULT_BRANCH;
  const asked = ['git', 'symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD'];
  const { exitCode, stdout } = await runAccepting(copy, [0, 1, 128], asked);
  return exitCode === 0 ? stdout.replace(/^origin\//, '') : 'main';
}
