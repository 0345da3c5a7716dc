import { command } from '../command';

export const github = command({
  name: 'github',
  group: 'repository',
  usage: 'setup',
  help: 'make the settings of the GitHub repository that the workflows rest on',
  about:
    'Makes the environments of GitHub with their reviewers, protects the default branch, and sets the variable of the GitHub App, by gh. It shows first what it will change, and changes nothing that is right. Without gh it prints the commands.',
  words: [['setup', 'compare the settings, and make what is missing']],
  options: {
    reviewer: {
      type: 'string',
      multiple: true,
      value: 'USER|ORGANIZATION/TEAM',
      help: 'a reviewer of deployments; may be repeated. Reviewers that are there stay',
    },
    'app-client-id': { type: 'string', value: 'ID', help: 'client ID of the GitHub App that opens pull requests' },
    'dry-run': { type: 'boolean', help: 'show what would change, and change nothing' },
    yes: { type: 'boolean', help: 'do not ask before the changes' },
  },
  run: async (...args) => (await import('../github')).github(...args),
});
