import { PURPOSES } from '../../operations/delivery/purposes';
import { command } from '../command';
import { ENV, PROFILE } from '../delivery-options';

export const status = command({
  name: 'status',
  group: 'delivery',
  usage: 'ENV | --all',
  help: PURPOSES.status,
  about:
    'Shows the service of ENV: its tasks and deployments, the health of its targets, its listener rules in order, its last events, and the image that runs against the one that the repository names. It changes nothing.',
  words: [ENV],
  failure: 'something is not as it should be',
  options: {
    all: { type: 'boolean', help: 'every environment' },
    profile: PROFILE,
    json: { type: 'boolean', help: 'print it as JSON' },
  },
  run: async (...args) => (await import('../status')).status(...args),
});
