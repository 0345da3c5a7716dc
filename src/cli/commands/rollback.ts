import { PURPOSES } from '../../operations/delivery/purposes';
import { command } from '../command';
import { ENV, UNSIGNED } from '../delivery-options';
import { EXIT } from '../job';
import { openSession } from '../session';
import { wordsOf } from '../typed-words';

export const rollback = command({
  name: 'rollback',
  group: 'delivery',
  usage: 'ENV [DIGEST]',
  help: PURPOSES.rollback,
  about:
    'Writes the digest of an image into deploy/images that was there in an earlier commit. Without a digest, lists those that there are.',
  words: [ENV, ['DIGEST', 'of the image; or the variable DIGEST has it']],
  failure: 'ENV did not run that image, or it cannot run now',
  options: { unsigned: UNSIGNED },
  run: async ({ values, positionals }, console, signal) => {
    const [name, digest] = wordsOf(positionals, 2);
    const { rollback } = await import('../../operations/delivery/rollback');
    await rollback(openSession(console, signal), name, digest, values.unsigned);
    return EXIT.done;
  },
});
