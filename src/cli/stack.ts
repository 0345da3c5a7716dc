import { STACK_OPERATIONS, type StackOptions } from '../operations/cloudformation/stack-operations';
import { readStacks } from '../operations/cloudformation/stacks';
import { EXIT, type Job } from './job';
import { openSession } from './session';
import { typedPath } from './typed-words';
import { UsageError } from './usage-error';

/**
 * Plans, deploys or destroys a stack of an emitted repository.
 *
 * @throws UsageError for wrong words, or in another repository; Failed if it cannot be done
 */
export const stack: Job<StackOptions> = async ({ values, positionals }, console, signal) => {
  const session = openSession(console, signal);
  const stacks = readStacks(session.root);
  if (!stacks) {
    throw new UsageError(
      'there is no deploy/cloudformation/stacks.json here, nor in a folder above; run this in a repository that deploys with CloudFormation',
    );
  }
  const [operation = '', name = '', ...more] = positionals;
  if (!isOperation(operation)) {
    throw new UsageError(
      `stack takes ${Object.keys(STACK_OPERATIONS).join(', ')}, and the name of a stack: stack plan STACK`,
    );
  }
  const found = Object.hasOwn(stacks, name) ? stacks[name] : undefined;
  if (!found || more.length > 0) {
    throw new UsageError(`stack ${operation} takes one stack of ${Object.keys(stacks).join(', ')}`);
  }
  await STACK_OPERATIONS[operation](session, found, { ...values, approved: typedPath(values.approved) });
  return EXIT.done;
};

function isOperation(word: string): word is keyof typeof STACK_OPERATIONS {
  return Object.hasOwn(STACK_OPERATIONS, word);
}
