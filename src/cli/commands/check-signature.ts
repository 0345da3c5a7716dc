import { command } from '../command';
import { ENV, UNSIGNED } from '../delivery-options';
import { EXIT } from '../job';
import { wordsOf, workingCopy } from '../working-copy';

export const checkSignature = command({
  name: 'check-signature',
  group: 'delivery',
  usage: 'ENV',
  help: 'look whether the image of ENV was signed by its publisher',
  about:
    'Looks for the signature, the bill of materials and the provenance of the image of ENV, if the answers ask for that.',
  words: [ENV],
  failure: 'something is not signed by the workflow publish-image',
  options: { unsigned: UNSIGNED },
  run: async ({ values, positionals }, console) => {
    const [name] = wordsOf(positionals, 1);
    const { findEnvironment } = await import('../../operations/delivery/environments');
    const { checkSignatureOf } = await import('../../operations/delivery/signature');
    const copy = workingCopy(console);
    await checkSignatureOf(copy, findEnvironment(copy, name), values.unsigned);
    return EXIT.done;
  },
});
