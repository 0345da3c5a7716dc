import { stackLeftovers, stacksOf } from '../leftovers';
import type { TargetGenerator } from '../target';
import { cloudformationFiles } from './files';
import { cloudformationGuide } from './guide';
import { cloudformationPlans } from './plan';
import { cloudformationTasks } from './tasks';

export const cloudformation: TargetGenerator = {
  files: cloudformationFiles,
  tasks: cloudformationTasks,
  unattended: ['--yes'],
  unattendedPlan: [],
  deploysWith: [],
  guide: cloudformationGuide,
  leftovers: stackLeftovers,
  drift: (environment) => ({ stacks: stacksOf(environment) }),
  plans: cloudformationPlans,
  ignored: [],
  lockFiles: [],
  devDependencies: [],
};
