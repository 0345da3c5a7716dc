import { PURPOSES } from '../../operations/delivery/purposes';
import { command } from '../command';
import { ENV, PROFILE } from '../delivery-options';

export const logs = command({
  name: 'logs',
  group: 'delivery',
  usage: 'ENV',
  help: PURPOSES.logs,
  about: 'Shows the log of the server in ENV, oldest line first. It changes nothing.',
  words: [ENV],
  failure: 'the log cannot be read',
  options: {
    since: { type: 'string', value: 'SPAN', help: 'how far back: 90s, 15m, 1h or 2d; default: 1h' },
    follow: { type: 'boolean', help: 'go on until Ctrl-C' },
    profile: PROFILE,
    errors: { type: 'boolean', help: 'only lines that tell of an error, a refused request or a wrong setting' },
  },
  run: async (...args) => (await import('../logs')).logs(...args),
});
