import { PURPOSES } from '../../operations/delivery/purposes';
import { command } from '../command';
import { ENV } from '../delivery-options';
import { EXIT } from '../job';
import { openSession } from '../session';
import { typedPath, wordsOf } from '../typed-words';

export const drift = command({
  name: 'drift',
  group: 'delivery',
  usage: 'ENV',
  help: PURPOSES.drift,
  about:
    'Shows how the deployment of ENV differs from this repository, and the Quilt stack from the answers; answers that the account contradicts come as a diff of mcp-deploy.json, and what check finds follows. It changes nothing.',
  words: [ENV],
  failure: 'ENV cannot be compared',
  options: { report: { type: 'string', value: 'FILE', help: 'a file that gets the text; empty if nothing differs' } },
  run: async ({ values, positionals }, console, signal) => {
    const [name] = wordsOf(positionals, 1);
    const { findEnvironment } = await import('../../operations/delivery/environments');
    const { reportDrift } = await import('../../operations/delivery/drift');
    const session = openSession(console, signal);
    const { compareAccount } = await import('../compared-account');
    const environment = findEnvironment(session, name);
    await reportDrift(session, environment, {
      report: typedPath(values.report),
      compare: () => compareAccount(environment.name, console, signal),
    });
    return EXIT.done;
  },
});
