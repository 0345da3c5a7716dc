import { versionRange } from '../../src/conventions/words';
import type { Deployment } from '../../src/model/deployment';
import { deployedFiles, REGCTL, runnerTools } from '../delivery-files';
import { githubEnvironmentCommands } from '../github-environments';

/** What docs/delivery.md is rendered from, beside what the guides are. */
export function deliveryContext(deployment: Deployment): object {
  return {
    regctl: REGCTL,
    runnerTools: runnerTools(deployment),
    deployed: deployedFiles(deployment),
    versionRange: versionRange(deployment.conventions.versions),
    githubEnvironments: githubEnvironmentCommands(deployment),
  };
}
