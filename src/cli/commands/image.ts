import { command } from '../command';
import { EXIT } from '../job';
import { UsageError } from '../usage-error';
import { wordsOf, workingCopy } from '../working-copy';

export const image = command({
  name: 'image',
  group: 'delivery',
  usage: 'source|tag',
  help: 'show the source of the image, or its tag',
  about: 'Shows the source of the image that this repository makes, or its tag.',
  words: [
    ['source', 'its source: a digest or a commit'],
    ['tag', 'its version, and a hash of all that goes into it: equal content has one tag'],
  ],
  failure: 'the answers do not name its source yet',
  run: async ({ positionals }, console) => {
    const [word] = wordsOf(positionals, 1);
    if (word !== 'source' && word !== 'tag') throw new UsageError('image takes a word: source or tag');
    const { readImage, tagOf } = await import('../../operations/delivery/image-tag');
    const copy = workingCopy(console);
    const pinned = readImage(copy);
    copy.say(word === 'source' ? pinned.source : tagOf(copy, pinned));
    return EXIT.done;
  },
});
