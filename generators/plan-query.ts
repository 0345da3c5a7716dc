import { firstLayerOf } from '../src/model/delivery/first-layer';
import type { Deployment, RegistryLayer, RolesLayer, ServiceLayer } from '../src/model/deployment';
import { SHARED } from '../src/model/names';
import { type Ending, whyFailed } from '../src/operations/program';
import type { PlannedChange } from '../src/resources/planned-impact';

/** The result of a command. */
export interface CommandEnding extends Ending {
  readonly stdout: string;
}

/**
 * Runs a command to its end, and returns any result. The package's own command is that of the running version.
 *
 * @param folder from the repository's root. Default: the root
 * @param always whether it runs even after an abort, as it takes back earlier work. Default: not
 */
export type RunCommand = (
  command: readonly [string, ...string[]],
  folder?: string,
  always?: boolean,
) => Promise<CommandEnding>;

/** A query for the plan of a layer. */
export interface PlanQuery {
  /** The environment's name, or {@link SHARED}. */
  readonly environment: string;
  readonly layer: 'registry' | 'service';
  /** The subject of the query, for a sentence. */
  readonly what: string;
  /**
   * Asks, and leaves nothing changed. `new`: nothing of the layer is deployed, so all of it is made.
   *
   * @throws Error with the program's output if there is no answer
   */
  readonly ask: (run: RunCommand) => Promise<readonly PlannedChange[] | 'new'>;
}

/** One layer of a deployment, with its account and region. */
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
 * The standard output of a command.
 *
 * @throws Error if it failed, with all its output or the reason why it was not started
 */
export function outputOf(answer: CommandEnding): string {
  if (answer.exitCode !== 0) {
    throw new Error(answer.output.trim() || whyFailed(answer));
  }
  return answer.stdout;
}
