import { versionRange } from '../../src/conventions/labels';
import type { Deployment } from '../../src/model/deployment';
import { REGCTL } from '../../src/operations/delivery/tools';
import { deployedFiles, runnerTools } from '../delivery-files';
import { githubEnvironmentCommands, protectionCommands } from '../github-environments';

/** Context of docs/delivery.md, beside that of the guides. */
export function deliveryContext(deployment: Deployment): object {
  const verifying = deployment.environments.filter(({ access }) => access.verifySignature);
  return {
    regctl: REGCTL,
    runnerTools: runnerTools(deployment),
    deployed: deployedFiles(deployment),
    verifying: verifying.length > 0 ? verifying.map(({ name }) => name) : null,
    versionRange: versionRange(deployment.conventions.versions),
    githubEnvironments: githubEnvironmentCommands(deployment),
    branchProtection: protectionCommands(deployment),
  };
}
