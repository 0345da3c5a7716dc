import { CDK_OPERATIONS } from '../operations/cdk/cdk-operations';
import { readConfigs, stackPlaces } from '../operations/cdk/config';
import type { Job } from './job';
import { openSession } from './session';
import { UsageError } from './usage-error';

/**
 * Plans, deploys or destroys stacks of an emitted repository with the CDK.
 *
 * @throws UsageError for wrong words, or in another repository; Failed if it cannot be done
 */
export const cdk: Job<object> = async ({ args }, console, signal) => {
  const session = openSession(console, signal);
  const configs = readConfigs(session.root);
  if (!configs) {
    throw new UsageError(
      'there is no deploy/cdk/config here, nor in a folder above; run this in a repository that deploys with the CDK',
    );
  }
  const [operation = '', ...words] = args;
  if (!isOperation(operation)) {
    throw new UsageError(
      `cdk takes ${Object.keys(CDK_OPERATIONS).join(', ')}, and the name of a stack: cdk plan STACK`,
    );
  }
  const names = stackPlaces(configs).map(({ name }) => name);
  if (!words.some((word) => names.includes(word))) {
    throw new UsageError(`cdk ${operation} takes a stack of ${names.join(', ')}`);
  }
  return CDK_OPERATIONS[operation](session, configs, words);
};

function isOperation(word: string): word is keyof typeof CDK_OPERATIONS {
  return Object.hasOwn(CDK_OPERATIONS, word);
}
