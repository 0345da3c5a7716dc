import { PURPOSES } from '../../operations/delivery/purposes';
import { command } from '../command';
import { EXIT } from '../job';
import { openSession } from '../session';
import { wordsOf } from '../typed-words';

export const attestImage = command({
  name: 'attest-image',
  group: 'delivery',
  usage: '',
  help: PURPOSES['attest-image'],
  about:
    'Signs the image of the first environment, in your name or that of a workflow, and adds its bill of materials; in the workflow run that made it, its provenance, too.',
  failure: 'the image was not signed',
  run: async ({ positionals }, console, signal) => {
    wordsOf(positionals, 0);
    const { attestImage } = await import('../../operations/delivery/vouch');
    await attestImage(openSession(console, signal));
    return EXIT.done;
  },
});
