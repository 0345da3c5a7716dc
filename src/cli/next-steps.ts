import { digestFile } from '../../generators/digest';
import { albEgressCommands } from '../../generators/docs/load-balancer';
import { sharedRegistryTasks } from '../../generators/layers';
import { ANSWERS_FILE } from '../config/answers-file';
import { haveRoles } from '../model/delivery/roles';
import type { Deployment } from '../model/deployment';
import { shellPath } from '../operations/shell-word';

/** Next steps of the owner of a new repository, as lines for a shell. */
export function nextSteps(
  shown: string,
  deployment: Deployment,
  { yes, 'no-install': installFirst }: { readonly yes: boolean; readonly 'no-install': boolean },
  isCommitted: boolean,
): string[] {
  const { contract, environments } = deployment;
  const environment = environments[0]!.name;
  const { port } = contract.container;
  return [
    ...(shown === '.' ? [] : [`cd ${shellPath(shown)}`]),
    ...(installFirst ? ['npm install'] : []),
    ...(yes ? [`# put your answers in the place of the example's in ${ANSWERS_FILE}, then: npx projen`] : []),
    ...(isCommitted ? [] : ['# commit the files, with package-lock.json: no commit was made']),
    ...albEgressCommands(environments, port).flatMap((command) => [
      `# before you deploy: if nothing lets the load balancer out to TCP ${port} of the tasks yet, the owner of its groups runs:`,
      command,
    ]),
    ...(haveRoles(environments)
      ? [
          "# make GitHub's environments first; after the first push, run it again: it protects the default branch",
          'npm run github:setup -- --reviewer NAME',
        ]
      : []),
    ...(environments[0]!.roles ? sharedRegistryTasks(deployment).map(({ name }) => `npm run ${name}`) : []),
    `npm run registry:${environment}`,
    `# publish the image there and name its digest in ${digestFile(environment)}: README.md has the commands`,
    `npm run check:${environment}`,
    `npm run plan:${environment}`,
    `npm run deploy:${environment}`,
  ];
}
