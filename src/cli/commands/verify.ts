import { PURPOSES } from '../../operations/delivery/purposes';
import { command } from '../command';
import { ENV } from '../delivery-options';
import { EXIT } from '../job';
import { openSession } from '../session';
import { wordsOf } from '../typed-words';

export const verify = command({
  name: 'verify',
  group: 'delivery',
  usage: 'ENV',
  help: PURPOSES.verify,
  about:
    'Waits until the service of ENV is at rest, runs the image of deploy/images and has healthy targets. Then sends a request without a token, unless delivery.verify is aws.',
  words: [ENV],
  failure: 'ENV does not run as it should',
  options: { request: { type: 'boolean', help: 'send the request, whatever delivery.verify says' } },
  run: async ({ values, positionals }, console, signal) => {
    const [name] = wordsOf(positionals, 1);
    const { findEnvironment } = await import('../../operations/delivery/environments');
    const { verify } = await import('../../operations/delivery/verify');
    const session = openSession(console, signal);
    await verify(session, findEnvironment(session, name), { request: values.request });
    return EXIT.done;
  },
});
