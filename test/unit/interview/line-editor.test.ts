import { createInterface, emitKeypressEvents } from 'node:readline';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { edit, type Key, type Line, lineOf } from '../../../src/interview/line-editor';

/** Keys as terminals send them. */
const KEYS = {
  left: '\u001B[D',
  right: '\u001B[C',
  ctrlLeft: '\u001B[1;5D',
  ctrlRight: '\u001B[1;5C',
  home: '\u001B[H',
  homeVt: '\u001B[1~',
  end: '\u001B[F',
  endVt: '\u001B[4~',
  backspace: '\u007F',
  ctrlH: '\b',
  delete: '\u001B[3~',
  f1: '\u001BOP',
  insert: '\u001B[2~',
  altB: '\u001Bb',
  altD: '\u001Bd',
  altF: '\u001Bf',
  altBackspace: '\u001B\u007F',
  altX: '\u001Bx',
};
const ctrl = (letter: string) => String.fromCharCode(letter.charCodeAt(0) - 96);

/** What a line becomes by keys, as Node.js decodes them. */
function type(start: Line, keys: string): Line {
  const input = new PassThrough();
  emitKeypressEvents(input);
  let line = start;
  input.on('keypress', (text: string | undefined, key: Key) => {
    line = edit(line, { ...key, text });
  });
  input.write(keys);
  return line;
}

/** A line with `|` for the cursor. */
function line(text: string): Line {
  const [before, after] = text.split('|');
  return { before: before!, after: after ?? '' };
}

const shown = ({ before, after }: Line) => `${before}|${after}`;

describe('the line editor', () => {
  it.each([
    ['types at the cursor', 'ac|e', 'm', 'acm|e'],
    ['deletes the letter before by Backspace', 'acme|', KEYS.backspace, 'acm|'],
    ['deletes the letter before by Ctrl-H', 'ac|me', KEYS.ctrlH, 'a|me'],
    ['deletes the letter after by Delete', 'ac|me', KEYS.delete, 'ac|e'],
    ['deletes the letter after by Ctrl-D', 'ac|me', ctrl('d'), 'ac|e'],
    ['goes to the begin by Home', 'acme|', KEYS.home, '|acme'],
    ['goes to the begin by the Home of a VT220', 'acme|', KEYS.homeVt, '|acme'],
    ['goes to the begin by Ctrl-A', 'acme|', ctrl('a'), '|acme'],
    ['goes to the end by End', '|acme', KEYS.end, 'acme|'],
    ['goes to the end by the End of a VT220', '|acme', KEYS.endVt, 'acme|'],
    ['goes to the end by Ctrl-E', 'a|cme', ctrl('e'), 'acme|'],
    ['goes one letter left by Ctrl-B', 'acme|', ctrl('b'), 'acm|e'],
    ['goes one letter right by Ctrl-F', 'a|cme', ctrl('f'), 'ac|me'],
    ['cuts to the begin by Ctrl-U', 'acme |stack', ctrl('u'), '|stack'],
    ['cuts to the end by Ctrl-K', 'acme |stack', ctrl('k'), 'acme |'],
    ['cuts a word between spaces by Ctrl-W', 'vpc, subnet-1.a  |x', ctrl('w'), 'vpc, |x'],
    ['cuts the part of a word before by Alt-Backspace', 'vpc, subnet-1 |', KEYS.altBackspace, 'vpc, subnet-|'],
    ['cuts the part of a word after by Alt-D', 'a|, subnet-1', KEYS.altD, 'a|-1'],
    ['goes a part of a word left by Alt-B', 'subnet-1|', KEYS.altB, 'subnet-|1'],
    ['goes a part of a word left by Ctrl-Left', 'subnet-1|', KEYS.ctrlLeft, 'subnet-|1'],
    ['goes a part of a word right by Alt-F', 'a|, subnet-1', KEYS.altF, 'a, subnet|-1'],
    ['goes a part of a word right by Ctrl-Right', '|acme', KEYS.ctrlRight, 'acme|'],
    ['gets back by Ctrl-Y what was cut last', 'acme|', `${ctrl('u')}x${ctrl('y')}${ctrl('y')}`, 'xacmeacme|'],
    ['deletes a letter of several code points at once', 'a👩‍💻e\u0301|', KEYS.backspace.repeat(2), 'a|'],
    ['goes over a letter of several code points at once', '🇩🇪漢|', KEYS.left.repeat(2), '|🇩🇪漢'],
    ['deletes a letter of several code points after it', '|👩‍💻b', KEYS.delete, '|b'],
    ['does nothing at the begin', '|a', KEYS.backspace + KEYS.left + ctrl('u') + ctrl('w') + KEYS.altBackspace, '|a'],
    ['does nothing at the end', 'a|', KEYS.delete + KEYS.right + ctrl('k') + KEYS.altD, 'a|'],
    ['types no key that has no letter', 'a|', KEYS.f1 + KEYS.insert + KEYS.altX + ctrl('z') + ctrl('l'), 'a|'],
    ['types no control character', 'a|', '\u0085\u009B', 'a|'],
  ])('the line editor %s', (_, before, keys, after) => {
    expect(shown(type(line(before), keys))).toBe(after);
  });

  it("the line editor does with words and spaces what Node.js's own readline does", () => {
    const keys = fc.constantFrom(
      ...['a', 'Z', '9', ' ', KEYS.left, KEYS.right, KEYS.home, KEYS.end, KEYS.backspace, KEYS.delete, KEYS.altB],
      ...['a', 'b', 'e', 'f', 'k', 'u', 'w'].map(ctrl),
    );
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 60 }), (pressed) => {
        const input = new PassThrough();
        const theirs = createInterface({ input, output: new PassThrough(), terminal: true });
        // Key by key: what comes in one piece it puts together wrongly.
        for (const one of pressed) {
          input.write(one);
        }
        expect(shown(type(lineOf(''), pressed.join('')))).toBe(
          `${theirs.line.slice(0, theirs.cursor)}|${theirs.line.slice(theirs.cursor)}`,
        );
        theirs.close();
      }),
    );
  });
});
