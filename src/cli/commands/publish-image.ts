import { command } from '../command';
import { UNSIGNED } from '../delivery-options';
import { EXIT } from '../job';
import { openSession } from '../session';
import { typedPath, wordsOf } from '../typed-words';

export const publishImage = command({
  name: 'publish-image',
  group: 'delivery',
  usage: '',
  help: 'make the image, push it, and name it for the first environment',
  about:
    'Makes the image that docker/image.json describes, pushes it to the registry of the first environment, and writes its digest into deploy/images. An image that is there already is not made again.',
  failure: 'the image cannot be made',
  options: {
    made: {
      type: 'string',
      value: 'FILE',
      help: 'note in a file which image this makes; one that it names was made before',
    },
    unsigned: UNSIGNED,
  },
  run: async ({ values, positionals }, console, signal) => {
    wordsOf(positionals, 0);
    const { publishImage } = await import('../../operations/delivery/publish');
    const { made, unsigned } = values;
    await publishImage(openSession(console, signal), { made: typedPath(made), unsigned });
    return EXIT.done;
  },
});
