import { OWN_COMMAND, type TaskSpec } from './task';

/** The tasks of every repository, beside those of its environments. */
export const COMMON_TASKS: readonly TaskSpec[] = [
  {
    name: 'diff',
    description: 'Show what a run of projen would change, file by file',
    steps: [{ exec: `${OWN_COMMAND} diff`, receiveArgs: true }],
  },
  {
    name: 'upgrade',
    description: 'Move to the newest conventions and generator, and report what that does to AWS',
    steps: [{ exec: `${OWN_COMMAND} upgrade`, receiveArgs: true }],
  },
  {
    name: 'github:setup',
    description: 'Make the environments of GitHub, their reviewers and the protection of the default branch',
    steps: [{ exec: `${OWN_COMMAND} github setup`, receiveArgs: true }],
  },
  {
    name: 'cost',
    description: 'Say what AWS will bill for a month, line by line',
    steps: [{ exec: `${OWN_COMMAND} cost`, receiveArgs: true }],
  },
];
