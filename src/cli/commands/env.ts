import { command } from '../command';

export const env = command({
  name: 'env',
  group: 'repository',
  usage: 'add|remove NAME',
  help: 'add an environment to it, or remove one',
  about:
    'Adds an environment to the repository in the working directory, or removes one. If you do not tell add what it needs, it asks. Destroy what is deployed before you remove an environment; files of yours stay.',
  options: {
    set: {
      type: 'string',
      multiple: true,
      value: 'path.to.key=VALUE',
      help: 'with add: give one answer, from the environment on; may be repeated',
    },
    'keep-resources': {
      type: 'boolean',
      help: 'with remove: leave in AWS what is deployed, without asking what that is',
    },
  },
  run: async (...args) => (await import('../env')).env(...args),
});
