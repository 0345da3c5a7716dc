import { PURPOSES } from '../../operations/delivery/purposes';
import { command } from '../command';
import { ENV } from '../delivery-options';

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
    profile: {
      type: 'string',
      value: 'PROFILE',
      help: 'profile of the AWS CLI; default: AWS_PROFILE, or the default one',
    },
    json: { type: 'boolean', help: 'print it as JSON' },
  },
  run: async (...args) => (await import('../status')).status(...args),
});
