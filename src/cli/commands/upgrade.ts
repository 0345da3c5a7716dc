import { command } from '../command';

export const upgrade = command({
  name: 'upgrade',
  group: 'repository',
  usage: '[--to ID] [--generator VERSION]',
  help: 'move it to newer conventions, or a newer generator',
  about:
    'Moves the repository in the working directory to newer conventions of the server and to a newer version of this package: the answers, the files, and the version in package.json.',
  failure: 'something needs your hand',
  options: {
    to: { type: 'string', value: 'ID', help: 'conventions to move to; the newest without' },
    generator: {
      type: 'string',
      value: 'VERSION|TARBALL',
      help: 'version of this package to move to; the newest without',
    },
    'dry-run': { type: 'boolean', help: 'show what would change, and write nothing' },
    plan: {
      type: 'boolean',
      help: 'plan each environment in AWS, or fail; else tried with credentials',
    },
    'no-plan': { type: 'boolean', help: 'ask AWS nothing: take the changes from the resource graph' },
    'allow-loss': {
      type: 'boolean',
      help: 'go on if something that holds data, or serves clients, would be replaced or destroyed',
    },
    'no-install': { type: 'boolean', help: 'leave out npm install' },
  },
  run: async (...args) => (await import('../upgrade')).upgrade(...args),
});
