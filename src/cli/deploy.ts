import { findEnvironment } from '../operations/delivery/environments';
import { applyRoot } from '../operations/terraform-apply';
import { checkBefore } from './check-before';
import { cdk } from './commands/cdk';
import { stack } from './commands/stack';
import { dispatch } from './dispatch';
import type { Job } from './job';
import { openSession } from './session';

const NO_CHECK = '--no-check';

/**
 * Looks in the account for what would make a deployment fail, and deploys the service of an environment.
 *
 * @throws Failed if the check finds an error, or the deployment fails; UsageError for wrong words
 */
export const deploy: Job<object> = async ({ args }, console, signal) => {
  const session = openSession(console, signal);
  const [name, ...words] = args.filter((word) => word !== NO_CHECK);
  const environment = findEnvironment(session, name);
  if (!args.includes(NO_CHECK)) await checkBefore(environment.name, console, signal);
  const { actions } = environment;
  if ('terraform' in actions) return applyRoot(session, actions.terraform, words);
  return 'cdk' in actions
    ? dispatch(cdk, ['deploy', actions.cdk, ...words], console, signal)
    : dispatch(stack, ['deploy', actions.cloudformation, ...words], console, signal);
};
