import { command } from '../command';
import { EXIT } from '../job';
import { openSession } from '../session';
import { wordsOf } from '../typed-words';

export const attestImage = command({
  name: 'attest-image',
  group: 'delivery',
  usage: '',
  help: 'sign the published image, and say what is in it',
  about:
    'Signs the image that the first environment is to run, in your name or that of a workflow, and adds its bill of materials; in the run of a workflow that made it, its provenance, too.',
  failure: 'the image was not signed',
  run: async ({ positionals }, console, signal) => {
    wordsOf(positionals, 0);
    const { attestImage } = await import('../../operations/delivery/vouch');
    await attestImage(openSession(console, signal));
    return EXIT.done;
  },
});
