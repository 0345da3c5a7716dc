import { runInNewContext } from 'node:vm';
import { parse as parseHcl } from '@cdktf/hcl2json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';

import { hcl, markdown, markdownCode, typescript, yamlScalar } from '../../../generators/escape';
import { runs } from '../../support/level';

/** Text as people write it, and what breaks out of quotes where nobody escapes. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '$', '{', '}', '%', '\n', '\r', '\t', '`', '|', '#', '<', '*', 'a', ' '),
    maxLength: 20,
  }),
  fc.constantFrom(
    '${file("/etc/passwd")}',
    '%{ if true }x%{ endif }',
    '$${x}',
    'no',
    'on',
    '12:30:45',
    '2010-09-09',
    '0x1F',
    '1_000',
    '~',
    '',
    ' ',
  ),
);

describe('the HCL escaper', () => {
  it('the HCL escaper writes strings that read back as they were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 10, maxLength: 30 }), async (texts) => {
        const parsed = (await parseHcl('main.tf', `locals {\n  value = ${hcl(texts)}\n}\n`)) as {
          locals: { value: string[] }[];
        };
        // hcl2json leaves the escapes of interpolation and directives as they stand in the source.
        const values = parsed.locals[0]!.value.map((value) => value.replaceAll('$${', '${').replaceAll('%%{', '%{'));
        expect(values).toEqual(texts.map((value) => value.normalize('NFC')));
      }),
      { numRuns: runs(30) },
    );
  });

  it('the HCL escaper writes maps as terraform fmt does', () => {
    expect(hcl({ a: 1, long: ['x'], 'with.dot': { inner: true } }, 2)).toBe(
      '{\n    a          = 1\n    long       = ["x"]\n    "with.dot" = {\n      inner = true\n    }\n  }',
    );
  });
});

describe('the TypeScript escaper', () => {
  it('the TypeScript escaper writes texts that read back as they were', () => {
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        expect([...runInNewContext(typescript(texts))]).toEqual(texts);
      }),
    );
  });

  it('the TypeScript escaper quotes as a formatter would', () => {
    expect(typescript('a')).toBe("'a'");
    expect(typescript("it's")).toBe('"it\'s"');
    expect(typescript('"')).toBe(`'"'`);
  });
});

describe('the YAML scalar writer', () => {
  it('the YAML scalar writer writes what readers of YAML 1.1 and 1.2 take for the same text', () => {
    fc.assert(
      fc.property(text, (value) => {
        const document = `key: ${yamlScalar(value)}\n`;
        expect(parseYaml(document, { version: '1.1' })).toEqual({ key: value });
        expect(parseYaml(document, { version: '1.2' })).toEqual({ key: value });
        expect(yamlScalar(value)).not.toMatch(/\n/);
      }),
    );
  });
});

describe('the Markdown escapers', () => {
  it('the Markdown escapers keep text in its cell and its line', () => {
    fc.assert(
      fc.property(text, (value) => {
        for (const written of [markdown(value), markdownCode(value)]) {
          expect(written).not.toMatch(/[\r\n]/);
          expect(written.replace(/\\\\/g, '').match(/(?<!\\)\|/)).toBeNull();
        }
      }),
    );
  });

  it('the Markdown escapers leave no markup alive', () => {
    expect(markdown('<b>[x](y)</b> & &lt; *z*')).toBe('\\<b\\>\\[x\\](y)\\</b\\> & \\&lt; \\*z\\*');
    expect(markdown('read-only (R + D) #1')).toBe('read-only (R + D) #1');
    expect(['# a', '- a', '1. a'].map(markdown)).toEqual(['\\# a', '\\- a', '1\\. a']);
    expect(markdownCode('a `b` c')).toBe('``a `b` c``');
    expect(markdownCode('a || b')).toBe('`a \\|\\| b`');
    expect(markdownCode('\\|')).toBe('<code>&#92;&#124;</code>');
  });
});
