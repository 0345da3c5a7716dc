import type { TargetGenerator } from '../target';
import { terraformFiles } from './files';
import { terraformTasks } from './tasks';

export const terraform: TargetGenerator = { files: terraformFiles, tasks: terraformTasks };
