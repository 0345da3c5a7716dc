import { appendFileSync } from 'node:fs';

import { digestPath, isDigest, namedDigest } from '../delivery/digest-file';
import { findEnvironment } from '../delivery/environments';
import { setImage } from '../delivery/set-image';
import { say } from '../session';
import type { Checkout } from './checkout';
import { baseBranch, git, gitSucceeds, inNewTree } from './git';
import { type ImageChange, imageBody, imageByHand, imageSubject, imageTitle } from './image-texts';
import { propose } from './proposal';
import { optionalVariable, WrongInput } from './variables';

const COMMANDS: Readonly<Record<string, (checkout: Checkout, tree: Checkout, change: ImageChange) => Promise<void>>> = {
  propose: proposeImage,
  print: printCommands,
};

/**
 * Proposes that an environment runs another image, or says how to do that by hand.
 *
 * @throws WrongInput for words and variables that are none, Failed for an environment or a digest that is none
 */
export async function imageProposal(checkout: Checkout, [command = '']: readonly string[]): Promise<void> {
  const { ENVIRONMENT: environment, DIGEST: digest } = checkout.env;
  const act = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (!environment || !digest || !act) {
    throw new WrongInput('Usage: ENVIRONMENT=… DIGEST=… node .github/scripts/image.mjs propose|print');
  }
  const facts = factsIn(checkout.env);
  const into = await baseBranch(checkout);
  await inNewTree(checkout, 'HEAD', async (tree) => {
    const unsigned = checkout.env.UNSIGNED || undefined;
    const { file, before } = await stageImage(tree, environment, digest, unsigned);
    if (await gitSucceeds(tree, 'diff', '--cached', '--quiet'))
      return say(checkout, `${file} names ${digest} already.`);
    await act(checkout, tree, { environment, digest, file, into, before, unsigned, ...facts });
  });
}

/** Facts of the change, and of the run that made it, in the variables. */
function factsIn(env: NodeJS.ProcessEnv): Pick<ImageChange, 'kind' | 'tag' | 'promotedFrom' | 'run'> {
  const kind = optionalVariable(env, 'KIND', /publish|promote|rollback/, 'publish, promote or rollback');
  const tag = optionalVariable(env, 'TAG', /[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}/, 'the tag of an image');
  const promotedFrom = optionalVariable(env, 'PROMOTED_FROM', /[a-z][a-z0-9-]*/, 'the name of an environment');
  const host = /https?:\/\/[A-Za-z0-9.-]+(?::[0-9]+)?/;
  const server = optionalVariable(env, 'GITHUB_SERVER_URL', host, 'the address of a host');
  const repository = optionalVariable(env, 'GITHUB_REPOSITORY', /[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+/, 'OWNER/NAME');
  const id = optionalVariable(env, 'GITHUB_RUN_ID', /[0-9]+/, 'the number of a run');
  const run = server && repository && id ? `${server}/${repository}/actions/runs/${id}` : undefined;
  return { kind, tag, promotedFrom, run };
}

/** Names the image in a working tree, and stages that. What is given may be anything until this is through. */
async function stageImage(tree: Checkout, name: string, digest: string, unsigned: string | undefined) {
  const session = { root: tree.root, env: {}, stdout: { write: () => {} } };
  const environment = findEnvironment(session, name);
  const before = namedDigest(session, environment);
  setImage(session, name, digest, unsigned);
  const file = digestPath(environment);
  await git(tree, 'add', '--', file);
  return { file, before: isDigest(before) ? before : undefined };
}

async function proposeImage(checkout: Checkout, tree: Checkout, change: ImageChange): Promise<void> {
  const { environment, file, into } = change;
  const branch = `image-of-${environment}/${into}`;
  const proposal = { tree, into, branch, subject: imageSubject(environment), paths: [file] };
  await propose(checkout, proposal, { title: imageTitle(change), body: imageBody(change) });
}

/** Prints the commands; the summary of the run has them, too. */
async function printCommands(checkout: Checkout, _: Checkout, change: ImageChange): Promise<void> {
  const text = imageByHand(change);
  say(checkout, text.trimEnd());
  const { GITHUB_STEP_SUMMARY: summary } = checkout.env;
  if (summary) appendFileSync(summary, text);
}
