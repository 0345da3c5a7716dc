import { command } from '../command';
import { EXIT } from '../job';
import { openSession } from '../session';
import { wordsOf } from '../typed-words';
import { UsageError } from '../usage-error';

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
