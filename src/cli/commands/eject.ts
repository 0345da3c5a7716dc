import { command } from '../command';

export const eject = command({
  name: 'eject',
  group: 'repository',
  usage: 'FILE …',
  help: 'make generated files yours: no sync writes them again',
  about:
    'Makes generated files yours: mcp-deploy.json names them, and no sync writes them again. To have one generated again, run create-quilt-mcp-deploy sync --restore FILE.',
  failure: 'something needs your hand',
  run: async (...args) => (await import('../eject')).eject(...args),
});
