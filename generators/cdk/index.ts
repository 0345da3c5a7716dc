import { stackLeftovers, stacksOf } from '../leftovers';
import type { TargetGenerator } from '../target';
import { cdkFiles } from './files';
import { cdkGuide } from './guide';
import { cdkPlans } from './plan';
import { cdkTasks } from './tasks';

export const cdk: TargetGenerator = {
  files: cdkFiles,
  tasks: cdkTasks,
  unattended: ['--require-approval', 'never'],
  unattendedPlan: ['--ci'],
  deploysWith: [],
  guide: cdkGuide,
  leftovers: stackLeftovers,
  drift: (environment) => ({ stacks: stacksOf(environment) }),
  plans: cdkPlans,
  ignored: ['cdk.out/'],
  lockFiles: [],
  // With constructs, which every repository has.
  devDependencies: ['@types/node', 'aws-cdk', 'aws-cdk-lib', 'cdk-nag', 'tsx', 'typescript'],
};
