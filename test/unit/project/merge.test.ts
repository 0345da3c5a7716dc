import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hasConflict, mergeTexts } from '../../../src/project/merge';

const merge = (path: string, before: string, yours: string, now: string) =>
  mergeTexts(path, before, yours, now, () => 'upstream');

/** Lines that hold nothing, so that changes before and after do not touch. */
const GAP = '\n# 1\n# 2\n# 3\n\n';

describe('a merge', () => {
  it('a merge takes what each side changed where the other did not', () => {
    const text = (first: string, last: string) => `${first}\n1\n2\n3\n${last}\n`;
    expect(merge('a.md', text('a', 'z'), text('mine', 'z'), text('a', 'new'))).toEqual({
      text: text('mine', 'new'),
      conflicts: 0,
    });
  });

  it('a merge is the owner’s text if nothing is new, and the new one if nothing was edited', () => {
    const lines = fc
      .array(fc.constantFrom('a\n', 'b\n', '}\n', '\n', 'c'), { maxLength: 12 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(lines, lines, (before, other) => {
        expect(merge('a.md', before, other, before)).toEqual({ text: other, conflicts: 0 });
        expect(merge('a.md', before, before, other)).toEqual({ text: other, conflicts: 0 });
        expect(merge('a.md', before, other, other)).toEqual({ text: other, conflicts: 0 });
      }),
    );
  });

  it('a merge loses no line of either side', () => {
    const lines = fc.array(fc.constantFrom('a\n', 'b\n', '}\n', '\n'), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, lines, (before, yours, now) => {
        const { text } = merge('a.md', before.join(''), yours.join(''), now.join(''));
        const count = (all: readonly string[], line: string) => all.filter((other) => other === line).length;
        const result = text.match(/[^\n]*\n/g) ?? [];
        for (const line of ['a\n', 'b\n', '}\n', '\n']) {
          expect(count(result, line)).toBeGreaterThanOrEqual(count(yours, line) - count(before, line));
          expect(count(result, line)).toBeGreaterThanOrEqual(count(now, line) - count(before, line));
        }
      }),
    );
  });

  it('a merge marks a conflict on lines of its own, also after a line without an end', () => {
    const { text, conflicts } = merge('a.md', 'a\nb', 'a\nmine', 'a\nnew');
    expect(conflicts).toBe(1);
    expect(text).toBe(
      'a\n<<<<<<< yours\nmine\n||||||| generated before\nb\n=======\nnew\n>>>>>>> generated now: upstream\n',
    );
    expect(hasConflict(text)).toBe(true);
  });

  it.each([
    {
      what: 'an attribute that both add to a block',
      path: 'main.tf',
      before: `a {${GAP}}\n`,
      yours: `a {\n  x = 1${GAP}}\n`,
      now: `a {${GAP}  x = 2\n}\n`,
    },
    {
      what: 'half of a block that one side took apart',
      path: 'a.ts',
      before: 'if (a) {\n1;\n2;\n3;\n4;\n}\n',
      yours: '1;\n2;\n3;\n4;\n',
      now: 'if (a) {\n1;\n2;\n} else {\n3;\n4;\n}\n',
    },
    {
      what: 'a key that both add to a map',
      path: 'a.yaml',
      before: `a:${GAP}b: 1\n`,
      yours: `x: 1\na:${GAP}b: 1\n`,
      now: `a:${GAP}b: 1\nx: 2\n`,
    },
    {
      what: 'a comma that one side needs',
      path: 'a.json',
      before: '{\n"a": 1,\n\n\n"b": 1\n}\n',
      yours: '{\n"a": 1\n\n\n}\n',
      now: '{\n"a": 1,\n\n"c": 1,\n\n"b": 1\n}\n',
    },
    {
      what: 'a line at the margin in code that one side indented',
      path: 'a.py',
      before: 'import a\n\n\na.b()\n\n\na.c()\n',
      yours: 'import a\n\n\ntry:\n    a.b()\n\n\n    a.c()\nexcept OSError:\n    pass\n',
      now: 'import a\n\n\na.b()\n\na.new()\n\na.c()\n',
    },
    {
      what: 'a clause of what one side took away',
      path: 'a.py',
      before: 'if a:\n    b()\n\n\n\nc()\n',
      yours: 'b()\n\n\n\nc()\n',
      now: 'if a:\n    b()\n\n\nelse:\n    d()\n\nc()\n',
    },
    {
      what: 'an indented line after a function that one side ended before it',
      path: 'a.py',
      before: 'def a():\n    b()\n    c()\n\n\nd()\n',
      yours: 'def a():\n    b()\n    c()\n\n    e()\n\n\nd()\n',
      now: 'b()\nc()\n\n\nd()\n',
    },
    {
      what: 'half of the brackets that one side took away',
      path: 'a.py',
      before: 'a = [\n    # b\n    # c\n]\n',
      yours: 'a = []\n    # b\n    # c\n',
      now: 'a = [\n    # b\n    1,\n    # c\n]\n',
    },
  ])('a merge is a conflict if it would not be of its language: $what', ({ what, path, before, yours, now }) => {
    const { text, conflicts } = merge(path, before, yours, now);
    expect(conflicts).toBeGreaterThan(0);
    expect(text).toContain(`<<<<<<< yours\n`);
    expect([what, merge('a.txt', before, yours, now).conflicts]).toEqual([what, 0]);
  });

  it.each([
    ['main.tf', 'x = 1\n'],
    ['a.ts', 'const x = 1;\n'],
    ['a.py', 'x = 1\n'],
    ['a.md', 'x\n'],
  ])('a merge of a text that its owner broke is no conflict for that (%s)', (path, line) => {
    const text = (first: string, last: string) => `${first}1\n2\n3\n${last}`;
    expect(merge(path, text('', ''), text('{{{\n', ''), text('', line)).conflicts).toBe(0);
  });

  it('a merge knows Python that reads well from what does not', () => {
    const python = `"""Of 'quotes', and ( "brackets"."""
import a

@a.b("(", '\\'', key=[
  1,
2])
async def constructor(
    x: str = "it's # no comment",
) -> None:
    try:
        for y in x: print(y)
        else: pass  # else:
    except (A, B) as error:

# at the margin
        raise C from error
    else:
        d = e \\
  + 1
    finally:
        if x == f"""
    {x}
""":
            pass
        elif y:
            pass
        async for z in {
            "a": lambda: 1,
        }: pass
        else:
            a[1:2] = ''
    match x:
        case 1: pass
        case 2:
            pass
`;
    const conflicts = (yours: string, now: string) =>
      merge('a.py', `${python}\n\n\nz\n`, python + yours, python + now).conflicts;
    expect(conflicts('\n\n\nmine\n', '\n\nnew\n\nz\n')).toBe(0);
    expect(conflicts('    if z:\n\n\n        z\n', '\n\nnew\n\nz\n'), 'which says that this does not').toBe(1);
  });

  it('a merge of brackets in strings and comments is no conflict for that', () => {
    const text = (first: string, last: string) => `${first}\n# 1\n# 2\n# 3\n${last}\n`;
    const [yours, now] = [text('a = "}" # )', 'b = 1'), text('a = 1', "b = ['it'] // it's (")];
    expect(merge('main.tf', text('a = 1', 'b = 1'), yours, now).conflicts).toBe(0);
  });
});
