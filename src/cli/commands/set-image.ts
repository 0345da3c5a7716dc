import { PURPOSES } from '../../operations/delivery/purposes';
import { command } from '../command';
import { ENV, UNSIGNED } from '../delivery-options';
import { EXIT } from '../job';
import { openSession } from '../session';
import { wordsOf } from '../typed-words';

export const setImage = command({
  name: 'set-image',
  group: 'delivery',
  usage: 'ENV DIGEST',
  help: PURPOSES['set-image'],
  about: 'Writes the digest of an image into deploy/images, and looks at no registry.',
  words: [ENV, ['DIGEST', 'sha256: and 64 hexadecimal digits; or the variable DIGEST has it']],
  failure: 'there is no such environment, or no such digest',
  options: { unsigned: UNSIGNED },
  run: async ({ values, positionals }, console, signal) => {
    const [name, digest] = wordsOf(positionals, 2);
    const { setImage } = await import('../../operations/delivery/set-image');
    setImage(openSession(console, signal), name, digest, values.unsigned);
    return EXIT.done;
  },
});
