import type { TargetGenerator } from '../targets';
import { terraformFiles } from './files';
import { terraformTasks } from './tasks';

export const terraform: TargetGenerator = { files: terraformFiles, tasks: terraformTasks };
