import { command } from '../command';
import { EXIT } from '../job';
import { UsageError } from '../usage-error';
import { wordsOf, workingCopy } from '../working-copy';

export const image = command({
  name: 'image',
  group: 'delivery',
  usage: 'source|tag',
  help: 'say what the image is made from, or its tag',
  about: 'Says of the image that this repository makes what it is made from, or which tag it has.',
  words: [
    ['source', 'what it is made from, by digest or commit'],
    ['tag', 'its version, and a hash of all that goes into it: equal content has one tag'],
  ],
  failure: 'the answers do not say yet what it is made from',
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
