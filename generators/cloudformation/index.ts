import { stackChecks, stacksOf } from '../deployed-check';
import { stackTasks } from '../stack-tasks';
import type { TargetGenerator } from '../target';
import { cloudformationFiles, FOLDER } from './files';
import { cloudformationGuide } from './guide';
import { cloudformationPlans } from './plans';

export const cloudformation: TargetGenerator = {
  files: cloudformationFiles,
  tasks: (deployment) => stackTasks(deployment, 'stack'),
  unattended: ['--yes'],
  unattendedPlan: [],
  deploysWith: [],
  guide: cloudformationGuide,
  deployedChecks: stackChecks,
  drift: (environment) => ({ stacks: stacksOf(environment) }),
  actions: ({ service }) => ({ cloudformation: service.stackName }),
  deployed: () => ({
    // The owner's own parameters, too.
    own: [`${FOLDER}/parameters/*.json`, `${FOLDER}/parameters/*.local.json`],
    shared: ['mcp_server.yaml', 'stacks.json'].map((name) => `${FOLDER}/${name}`),
    not: [],
  }),
  plans: cloudformationPlans,
  ignored: [],
  lockFiles: [],
  devDependencies: [],
};
