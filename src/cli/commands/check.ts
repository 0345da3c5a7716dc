import { PURPOSES } from '../../operations/delivery/purposes';
import { command } from '../command';
import { ENV, PROFILE } from '../delivery-options';

export const check = command({
  name: 'check',
  group: 'delivery',
  usage: 'ENV',
  help: PURPOSES.check,
  about:
    'Reads the AWS account of ENV with the AWS CLI, and compares it with the answers: what would make a deployment fail, or keep clients from it. It writes nothing.',
  words: [ENV],
  failure: 'a deployment would fail, or nobody would reach it',
  unsure: 'it is not known: a check has no result, or the account cannot be read',
  options: {
    from: {
      type: 'string',
      value: 'FILE',
      help: 'take the account from a snapshot (docs/analysis/ENV.json); ask AWS nothing',
    },
    profile: PROFILE,
    json: { type: 'boolean', help: 'print findings as JSON' },
    junit: { type: 'boolean', help: 'print findings as JUnit XML' },
    verbose: { type: 'boolean', help: 'show each call of the AWS CLI' },
  },
  run: async (...args) => (await import('../check')).check(...args),
});
