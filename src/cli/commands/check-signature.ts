import { PURPOSES } from '../../operations/delivery/purposes';
import { command } from '../command';
import { ENV, UNSIGNED } from '../delivery-options';
import { EXIT } from '../job';
import { openSession } from '../session';
import { wordsOf } from '../typed-words';

export const checkSignature = command({
  name: 'check-signature',
  group: 'delivery',
  usage: 'ENV',
  help: PURPOSES['check-signature'],
  about:
    'Looks for the signature, the bill of materials and the provenance of the image of ENV, if the answers ask for that.',
  words: [ENV],
  failure: 'something is not signed by the workflow publish-image',
  options: { unsigned: UNSIGNED },
  run: async ({ values, positionals }, console, signal) => {
    const [name] = wordsOf(positionals, 1);
    const { findEnvironment } = await import('../../operations/delivery/environments');
    const { checkSignatureOf } = await import('../../operations/delivery/signature');
    const session = openSession(console, signal);
    await checkSignatureOf(session, findEnvironment(session, name), values.unsigned);
    return EXIT.done;
  },
});
