import type { TargetGenerator } from '../target';
import { cloudformationFiles } from './files';
import { cloudformationTasks } from './tasks';

export const cloudformation: TargetGenerator = { files: cloudformationFiles, tasks: cloudformationTasks };
