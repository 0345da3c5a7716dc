import { command } from '../command';
import { ENV, UNSIGNED } from '../delivery-options';
import { EXIT } from '../job';
import { openSession } from '../session';
import { typedPath, wordsOf } from '../typed-words';

export const promote = command({
  name: 'promote',
  group: 'delivery',
  usage: 'ENV',
  help: 'copy the image of the environment before, and name it for ENV',
  about:
    'Copies the image of the environment before ENV, by its digest and with all that refers to it, and writes its digest into deploy/images.',
  words: [ENV],
  failure: 'there is no image to promote, or it must not be',
  options: {
    pull: { type: 'string', value: 'FOLDER', help: 'only copy the image into a folder' },
    push: { type: 'string', value: 'FOLDER', help: 'only copy it out of that folder, and name it' },
    unsigned: UNSIGNED,
  },
  run: async ({ values, positionals }, console, signal) => {
    const [name] = wordsOf(positionals, 1);
    const { promote } = await import('../../operations/delivery/promote');
    const { pull, push, unsigned } = values;
    await promote(openSession(console, signal), name, { pull: typedPath(pull), push: typedPath(push), unsigned });
    return EXIT.done;
  },
});
