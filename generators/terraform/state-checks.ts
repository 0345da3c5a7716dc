import type { Environment } from '../../src/model/deployment';
import { initIn, terraformIn } from '../../src/operations/terraform-root';
import type { DeployedCheck } from '../deployed-check';
import { rootsOf } from './files';

/** The states of an environment's roots. A registry that others share is not its own. */
export function stateChecks(environment: Environment): DeployedCheck[] {
  return rootsOf(environment).map((root) => ({
    what: `the state of ${root}`,
    commands: [initIn(root), terraformIn(root, 'state', 'list')],
    isEmpty: (output, exitCode) =>
      exitCode === 0 ? output.trim() === '' : /No state file was found/.test(output) ? true : undefined,
  }));
}
