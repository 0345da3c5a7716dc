import { command } from '../command';

export const conventions = command({
  name: 'conventions',
  group: 'repository',
  usage: '[show ID | diff A B]',
  help: "the server's generations: list, explain, compare",
  about: "Shows the known generations of the Quilt MCP server's deployment contract.",
  words: [
    ['list', 'every generation that is known; the same without list'],
    ['show ID', 'all about one, and the steps that lead to it and from it'],
    ['diff A B', 'the changes for a deployment from A to B, and the steps'],
  ],
  options: { json: { type: 'boolean', help: 'the same facts as one JSON document on standard output' } },
  run: async (...args) => (await import('../conventions')).conventions(...args),
});
