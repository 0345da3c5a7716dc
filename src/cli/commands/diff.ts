import { command } from '../command';

export const diff = command({
  name: 'diff',
  group: 'repository',
  usage: '[FILE …]',
  help: 'what a sync would change, file by file',
  about: 'Shows what a sync of the repository in the working directory would change, and changes nothing.',
  failure: 'there are conflicts to solve first',
  options: { json: { type: 'boolean', help: 'one JSON document: what happens to each file' } },
  run: async (...args) => (await import('../diff')).diff(...args),
});
