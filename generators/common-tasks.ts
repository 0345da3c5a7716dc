import type { TaskSpec } from './task';

/** This package's command, as a task of an emitted repository starts it. */
export const COMMAND = 'create-quilt-mcp-deploy';

/** The tasks of every repository, beside those of its environments. */
export const COMMON_TASKS: readonly TaskSpec[] = [
  {
    name: 'diff',
    description: 'Show what a run of projen would change, file by file',
    steps: [{ exec: `${COMMAND} diff`, receiveArgs: true }],
  },
  {
    name: 'upgrade',
    description: 'Move to the newest conventions and generator, and report what that does to AWS',
    steps: [{ exec: `${COMMAND} upgrade`, receiveArgs: true }],
  },
];
