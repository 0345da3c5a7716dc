import type { TargetGenerator } from '../target';
import { terraformFiles } from './files';
import { terraformGuide } from './guide';
import { terraformTasks } from './tasks';

export const terraform: TargetGenerator = {
  files: terraformFiles,
  tasks: terraformTasks,
  guide: terraformGuide,
};
