import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LONGEST, quoted, shortened } from '../../../../src/operations/github/markdown';

const text = fc.string({ unit: fc.constantFrom('a', '`', '#', '\n', '\r', '\t', '\0', '\x1b', '\x7f', ' ', 'é', '>') });

describe('a quoted text', () => {
  it('a quoted text is a block of code that nothing in it ends', () => {
    expect(quoted('a\n```\n</details>\r# b')).toBe('    a\n    ```\n    </details># b\n');
    expect(quoted('')).toBe('');
    expect(quoted('\n')).toBe('    \n');
    fc.assert(
      fc.property(text, (given) => {
        const block = quoted(given);
        // A line of a block of code begins with four spaces, whatever else there is.
        expect(block).toMatch(/^( {4}.*\n)*$/);
        expect([...block].filter((one) => /\p{Cc}/u.test(one) && !['\n', '\t'].includes(one))).toEqual([]);
        const kept = (all: string) => all.replace(/[^\P{Cc}\t]| /gu, '');
        expect(kept(block)).toBe(kept(given));
      }),
    );
  });
});

describe('a text for GitHub', () => {
  it('a text for GitHub is left as it is, or is cut at a line, and says what has the rest', () => {
    const line = `${'x'.repeat(99)}\n`;
    const longest = line.repeat(LONGEST / 100);
    expect(shortened(longest, 'the log')).toBe(longest);
    expect(shortened(`${longest}y`, 'the log')).toBe(`${longest}\n… and more: the log has all of it.\n`);
    // Nothing after the cut is told, though it would fit.
    expect(shortened('ab\ntoo long\nc\n', 'the log', 6)).toBe('ab\n\n… and more: the log has all of it.\n');
    expect(shortened('x'.repeat(70_000), 'the log')).toBe('\n… and more: the log has all of it.\n');
    // GitHub counts what is sent.
    expect(shortened('éé\n', 'the log', 4)).toContain('and more');
    expect(shortened('', 'the log')).toBe('');
  });
});
