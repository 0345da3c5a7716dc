import { stackChecks, stacksOf } from '../deployed-check';
import { stackTasks } from '../stack-tasks';
import type { TargetGenerator } from '../target';
import { cdkFiles, configFile, FOLDER } from './files';
import { cdkGuide } from './guide';
import { cdkPlans } from './plans';

export const cdk: TargetGenerator = {
  files: cdkFiles,
  tasks: (deployment) => stackTasks(deployment, 'cdk'),
  unattended: ['--require-approval', 'never'],
  unattendedPlan: ['--ci'],
  deploysWith: [],
  guide: cdkGuide,
  deployedChecks: stackChecks,
  drift: (environment) => ({ stacks: stacksOf(environment) }),
  actions: ({ service }) => ({ cdk: service.stackName }),
  deployed: () => ({
    own: [configFile('*')],
    shared: ['bin/**', 'lib/**', 'cdk.json', 'tsconfig.json'].map((name) => `${FOLDER}/${name}`),
    not: [],
  }),
  plans: cdkPlans,
  ignored: ['cdk.out/'],
  lockFiles: [],
  // With constructs, which every repository has.
  devDependencies: ['@types/node', 'aws-cdk', 'aws-cdk-lib', 'cdk-nag', 'tsx', 'typescript'],
};
