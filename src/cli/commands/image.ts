import { command } from '../command';
import { EXIT } from '../job';
import { openSession } from '../session';
import { wordsOf } from '../typed-words';
import { UsageError } from '../usage-error';

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
  run: async ({ positionals }, console, signal) => {
    const [word] = wordsOf(positionals, 1);
    if (word !== 'source' && word !== 'tag') throw new UsageError('image takes a word: source or tag');
    const { readImage, tagOf } = await import('../../operations/delivery/image-tag');
    const session = openSession(console, signal);
    const { say } = await import('../../operations/session');
    const pinned = readImage(session);
    say(session, word === 'source' ? pinned.source : tagOf(session, pinned));
    return EXIT.done;
  },
});
