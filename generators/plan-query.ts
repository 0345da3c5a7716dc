import { firstLayerOf } from '../src/model/delivery/first-layer';
import type { Deployment, RegistryLayer, RolesLayer, ServiceLayer } from '../src/model/deployment';
import { SHARED } from '../src/model/names';
import { type Ending, whyFailed } from '../src/operations/program';
import type { PlannedChange } from '../src/resources/planned-impact';

/** How a command ended. */
export interface Answer extends Ending {
  readonly stdout: string;
}

/**
 * Runs a command to its end, and takes whatever comes of it. The package's own command is that of the version that runs.
 *
 * @param folder where, from the repository's root. Default: there
 * @param always whether it runs though all is called off meanwhile, for it takes back what was done. Default: not
 */
export type RunCommand = (
  command: readonly [string, ...string[]],
  folder?: string,
  always?: boolean,
) => Promise<Answer>;

/** How one finds out what deploying a layer would do. */
export interface PlanQuery {
  /** The environment's name, or that of what environments share. */
  readonly environment: string;
  readonly layer: 'registry' | 'service';
  /** What is asked for, for a sentence. */
  readonly what: string;
  /**
   * Asks, and changes nothing that stays. `new`: nothing of it is deployed, so all of it is made.
   *
   * @throws Error where there is no answer, with what was said instead
   */
  readonly ask: (run: RunCommand) => Promise<readonly PlannedChange[] | 'new'>;
}

/** One layer of a deployment, and where it is deployed. */
export interface DeployedLayer extends Pick<PlanQuery, 'environment' | 'layer'> {
  readonly account: string;
  readonly region: string;
  readonly resolved: RegistryLayer | RolesLayer | ServiceLayer;
}

/** Every layer of a deployment, in the order in which they are deployed. */
export function layersOf({ environments, sharedRegistry }: Deployment): DeployedLayer[] {
  const registry = (environment: string, resolved: RegistryLayer | RolesLayer | undefined): DeployedLayer[] =>
    resolved ? [{ environment, layer: 'registry', account: resolved.account, region: resolved.region, resolved }] : [];
  return [
    ...registry(SHARED, sharedRegistry),
    ...environments.flatMap((environment): DeployedLayer[] => {
      const { name, account, region, service } = environment;
      return [
        ...registry(name, firstLayerOf(environment)),
        { environment: name, layer: 'service', account, region, resolved: service },
      ];
    }),
  ];
}

/**
 * What a command wrote to its standard output.
 *
 * @throws Error with all that it said, or with why it was not started, if it failed
 */
export function outputOf(answer: Answer): string {
  if (answer.exitCode !== 0) {
    throw new Error(answer.output.trim() || whyFailed(answer));
  }
  return answer.stdout;
}
