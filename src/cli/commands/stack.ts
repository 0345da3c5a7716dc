import { command } from '../command';

export const stack = command({
  name: 'stack',
  group: 'delivery',
  usage: 'plan|deploy|destroy STACK',
  help: 'deploy a stack with CloudFormation, by a change set that it shows first',
  about:
    'Plans, deploys or destroys a stack of deploy/cloudformation/stacks.json with the AWS CLI, as the tasks do. It shows a change set and asks before it executes one. The plan of a new stack lists its template. Resources that an earlier stack kept (images, logs) are imported.',
  words: [
    ['plan STACK', 'show what a deployment would change'],
    ['deploy STACK', 'show what changes, ask, and deploy it'],
    ['destroy STACK', 'show its resources, ask, and delete the stack; retained resources stay'],
  ],
  options: {
    yes: { type: 'boolean', help: 'with deploy and destroy: ask nothing' },
    approved: {
      type: 'string',
      value: 'FILE',
      help: 'with deploy: refuse a change set that does anything but the actions of a reviewed plan, a list in JSON',
    },
    json: {
      type: 'boolean',
      help: 'with plan: the changes as AWS describes them; makes a change set also of a new stack',
    },
  },
  run: async (...args) => (await import('../stack')).stack(...args),
});
