import type { TargetGenerator } from '../target';
import { cdkFiles } from './files';
import { cdkTasks } from './tasks';

export const cdk: TargetGenerator = {
  files: cdkFiles,
  tasks: cdkTasks,
  // With constructs, which every repository has.
  devDependencies: ['@types/node', 'aws-cdk', 'aws-cdk-lib', 'cdk-nag', 'tsx', 'typescript'],
};
