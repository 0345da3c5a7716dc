import { PURPOSES } from '../../operations/delivery/purposes';
import { command } from '../command';
import { EXIT } from '../job';
import { openSession } from '../session';
import { wordsOf } from '../typed-words';

export const scanImage = command({
  name: 'scan-image',
  group: 'delivery',
  usage: '',
  help: PURPOSES['scan-image'],
  about: "Waits for the registry's scan of the image that the first environment is to run.",
  failure: 'the scan found a critical vulnerability, or did not end',
  run: async ({ positionals }, console, signal) => {
    wordsOf(positionals, 0);
    const { scanImage } = await import('../../operations/delivery/vouch');
    await scanImage(openSession(console, signal));
    return EXIT.done;
  },
});
