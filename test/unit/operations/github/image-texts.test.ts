import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

import {
  type ImageChange,
  imageBody,
  imageByHand,
  imageCommands,
  imageTitle,
} from '../../../../src/operations/github/image-texts';

const DIGEST = `sha256:${'0123456789ab'.padEnd(64, '0')}`;
const RUN = 'https://github.com/acme/mcp/actions/runs/7';
const change = (given: Partial<ImageChange> = {}): ImageChange => ({
  environment: 'test',
  digest: DIGEST,
  file: 'deploy/images/test.json',
  into: 'main',
  ...given,
});

describe('the proposal of an image', () => {
  it.each<[Partial<ImageChange>, string]>([
    [{}, 'Name the image of test'],
    [{ tag: '1.2' }, 'Name the image of test'],
    [{ kind: 'publish', tag: '1.2' }, 'Publish 1.2 to test'],
    [{ kind: 'promote', tag: '1.2' }, 'Promote 1.2 to test'],
    [{ kind: 'rollback', tag: '1.2' }, 'Roll back test to 1.2'],
    [{ kind: 'rollback' }, 'Roll back test to sha256:0123456789ab'],
    [{ kind: 'promote', tag: 'promoted-0123456789ab' }, 'Promote sha256:0123456789ab to test'],
  ])('the proposal of an image of which %j is known is called %s', (given, title) => {
    expect(imageTitle(change(given))).toBe(title);
  });

  it('the proposal of an image says what is known, and how to do the same by hand', () => {
    const all = change({
      kind: 'promote',
      tag: '1.2',
      before: `sha256:${'f'.repeat(64)}`,
      promotedFrom: 'dev',
      run: RUN,
    });
    expect(
      imageBody(all),
    ).toBe(`What \`test\` is to run. Merging this deploys it, after the review that the GitHub environment asks for.

- kind: \`promote\`
- from: \`sha256:${'f'.repeat(64)}\`
- to: \`${DIGEST}\`
- tag: \`1.2\`
- promoted from: \`dev\`
- run: ${RUN}

The same by hand:

    git switch --create image-of-test/0123456789ab
    npm run set-image:test -- ${DIGEST}
    git commit --message 'Promote 1.2 to test' --message 'From sha256:${'f'.repeat(64)} to ${DIGEST}, promoted from dev, by ${RUN}' -- deploy/images/test.json
    git push --set-upstream origin image-of-test/0123456789ab
    gh pr create --base main --fill
`);
    expect(imageBody(change())).toMatch(/\n\n- from: `no image`\n- to: `sha256:[0-9a-f]{64}`\n\nThe same by hand:\n/);
    const unsigned = imageBody(change({ unsigned: 'by `hand`\n# x' }));
    expect(unsigned).toContain(
      '`\n\nNobody looks for a signature of this image. The reason that was given:\n\n    by `hand`\n    # x\n\nThe same by hand:\n',
    );
    expect(imageByHand(change())).toMatch(/^To name sha256:\w+ for test, on a working copy of main:\n\n {4}git switch/);
  });

  it('the proposal of an image has commands that a shell reads as they are meant, whatever is in a value', () => {
    const hostile = 'it\'s;$(touch hacked)&"|`touch hacked` \\ ${x}';
    const said = execFileSync(
      'bash',
      [
        '-euc',
        `for name in git npm gh; do eval "$name() { printf '%s\\n' $name \\"\\$@\\" ''; }"; done\n${imageCommands(change({ into: hostile, unsigned: hostile }))}`,
      ],
      { encoding: 'utf8' },
    );
    const words = said.split('\n\n').map((command) => command.split('\n'));
    expect(words.slice(0, 5)).toEqual([
      ['git', 'switch', '--create', 'image-of-test/0123456789ab'],
      ['npm', 'run', 'set-image:test', '--', DIGEST, '--unsigned', hostile],
      [
        ...['git', 'commit', '--message', 'Name the image of test', '--message', `From no image to ${DIGEST}`],
        ...['--', 'deploy/images/test.json'],
      ],
      ['git', 'push', '--set-upstream', 'origin', 'image-of-test/0123456789ab'],
      ['gh', 'pr', 'create', '--base', hostile, '--fill'],
    ]);
  });
});
