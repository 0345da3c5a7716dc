import { command } from '../command';

export const sync = command({
  name: 'sync',
  group: 'repository',
  usage: '[--check]',
  help: 'bring an emitted repository up to date with its answers',
  about:
    'Brings the repository in the working directory up to date with mcp-deploy.json, as npx projen does. It also works if .projen/ is broken or gone.',
  failure: 'something needs your hand',
  options: {
    check: { type: 'boolean', help: 'write nothing; exit code 1 if there is anything to write' },
    restore: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      help: 'reset a file to its generated content, and drop your edits; may be repeated',
    },
  },
  run: async (...args) => (await import('../sync')).sync(...args),
});
