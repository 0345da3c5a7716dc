import { firstLayerOf } from '../src/model/delivery/first-layer';
import type { Environment } from '../src/model/deployment';

/** A check whether anything of a layer is deployed. */
export interface DeployedCheck {
  /** The subject of the check, for a sentence. */
  readonly what: string;
  /** Commands, from the repository's root; the last one answers. */
  readonly commands: readonly (readonly [command: string, ...args: string[]])[];
  /** Reads the answer; undefined if it is unclear. */
  readonly isEmpty: (output: string, exitCode: number | undefined) => boolean | undefined;
}

/** The CloudFormation stacks of an environment. A registry that others share is not its own. */
export function stackChecks(environment: Environment): DeployedCheck[] {
  return stacksOf(environment).map(({ name, region }) => ({
    what: `the stack ${name}`,
    commands: [['aws', 'cloudformation', 'describe-stacks', '--region', region, '--stack-name', name]],
    isEmpty: (output, exitCode) => (exitCode === 0 ? false : /does not exist/.test(output) ? true : undefined),
  }));
}

/** The stacks that are an environment's own. */
export function stacksOf(environment: Environment): { readonly name: string; readonly region: string }[] {
  const { service, region } = environment;
  const first = firstLayerOf(environment);
  return [{ name: service.stackName, region }, ...(first ? [{ name: first.stackName, region: first.region }] : [])];
}
