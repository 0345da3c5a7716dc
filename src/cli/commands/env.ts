import { command } from '../command';

export const env = command({
  name: 'env',
  group: 'repository',
  usage: 'add|remove NAME',
  help: 'add an environment to it, or remove one',
  about:
    'Adds an environment to the repository in the working directory, or removes one. add asks for the answers that you do not give. Destroy the deployment before you remove its environment; files of yours stay.',
  options: {
    set: {
      type: 'string',
      multiple: true,
      value: 'path.to.key=VALUE',
      help: 'with add: give one answer, from the environment on; may be repeated',
    },
    profile: {
      type: 'string',
      value: 'PROFILE',
      variable: 'QUILT_MCP_DEPLOY_PROFILE',
      help: 'with add: read the AWS account by this profile of the AWS CLI, and take its facts as answers',
    },
    'keep-resources': {
      type: 'boolean',
      help: 'with remove: leave the deployment in AWS, and do not look for one',
    },
  },
  run: async (...args) => (await import('../env')).env(...args),
});
