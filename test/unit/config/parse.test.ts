import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type Dialect, parseAnswers, readAnswers } from '../../../src/config/parse';
import { errorOf } from '../../support/answers';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'answer-files-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const JSON_TEXT = '{"name": "quilt", "tags": {"Owner": "Größe"}}';
const VALUE = { name: 'quilt', tags: { Owner: 'Größe' } };
const YAML_TEXT = 'name: quilt\ntags:\n  Owner: Größe\n';

function read(name: string, content: string | Buffer, dialect: Dialect = 'relaxed'): unknown {
  const file = join(folder, name);
  writeFileSync(file, content);
  return readAnswers(file, dialect);
}

function utf16(text: string, { big = false, mark = true } = {}): Buffer {
  const bytes = Buffer.from(mark ? `\uFEFF${text}` : text, 'utf16le');
  return big ? bytes.swap16() : bytes;
}

const taken: readonly [what: string, name: string, content: string | Buffer, value?: unknown][] = [
  ['JSON', 'a.json', JSON_TEXT],
  ['JSON in a file without an extension', 'answers', `\n ${JSON_TEXT}`],
  ['YAML in a file without an extension', 'answers', YAML_TEXT],
  ['YAML in .yaml', 'a.yaml', YAML_TEXT],
  ['YAML in .yml', 'a.yml', YAML_TEXT],
  ['YAML in .YML', 'A.YML', YAML_TEXT],
  ['JSON in .yaml', 'a.yaml', JSON_TEXT],
  ['JSON with a byte order mark', 'a.json', `\uFEFF${JSON_TEXT}`],
  ['YAML with a byte order mark', 'a.yaml', `\uFEFF${YAML_TEXT}`],
  ['JSON with line ends of Windows', 'a.json', JSON_TEXT.replaceAll(' ', '\r\n')],
  ['YAML with line ends of Windows', 'a.yaml', YAML_TEXT.replaceAll('\n', '\r\n')],
  ['JSON in UTF-16, as PowerShell 5 writes it', 'a.json', utf16(JSON_TEXT)],
  ['YAML in UTF-16', 'a.yaml', utf16(YAML_TEXT)],
  ['JSON in UTF-16 with the big end first', 'a.json', utf16(JSON_TEXT, { big: true })],
  ['JSON in UTF-16 without a mark', 'a.json', utf16(JSON_TEXT, { mark: false })],
  ['JSON in UTF-16 without a mark, with the big end first', 'a.json', utf16(JSON_TEXT, { mark: false, big: true })],
  ['JSON with comments', 'a.json', `// ours\n${JSON_TEXT.replace(',', ', /* all */')}\n`],
  ['JSON with a comma at the end', 'a.json', JSON_TEXT.replaceAll('}', ',}')],
  ['JSON with comments in .jsonc', 'a.jsonc', `// ours\n${JSON_TEXT}`],
  [
    'merge keys of YAML',
    'a.yaml',
    'base: &base {account: "1", region: a}\nenvironments:\n  dev:\n    <<: *base\n    region: b\n',
    { base: { account: '1', region: 'a' }, environments: { dev: { account: '1', region: 'b' } } },
  ],
  [
    'several merge keys of YAML',
    'a.yaml',
    'a: &a {x: "1"}\nb: &b {y: "2"}\nc:\n  <<: [*a, *b]\n',
    { a: { x: '1' }, b: { y: '2' }, c: { x: '1', y: '2' } },
  ],
  ['anchors of YAML below a key x-', 'a.yaml', 'x-b: &b {c: 1}\na: {<<: *b}\n', { a: { c: 1 } }],
  ['an alias of YAML for a list', 'a.yaml', 'a: &a [x, y]\nb: *a\n', { a: ['x', 'y'], b: ['x', 'y'] }],
  ['words that YAML 1.1 takes for true and false', 'a.yaml', 'a: on\nb: no\nc: y\n', { a: 'on', b: 'no', c: 'y' }],
  ['a date of YAML 1.1', 'a.yaml', 'version: 2026-01-02\n', { version: '2026-01-02' }],
  ['a number of base 60 of YAML 1.1', 'a.yaml', 'a: 1:30\n', { a: '1:30' }],
  ['a number of YAML 1.1 with _', 'a.yaml', 'a: 1_000\n', { a: '1_000' }],
  ['a document of YAML between marks', 'a.yaml', `---\n${YAML_TEXT}...\n`],
  [
    'keys that are numbers',
    'a.yaml',
    'oidcProviders:\n  111122223333: {create: true}\n',
    { oidcProviders: { '111122223333': { create: true } } },
  ],
];

it.each(taken)('the reader of answer files takes %s', (_, name, content, value = VALUE) => {
  expect(read(name, content)).toEqual(value);
});

const refused: readonly [
  what: string,
  name: string,
  content: string | Buffer,
  says: RegExp | string,
  dialect?: Dialect,
][] = [
  ['an empty file', 'a.json', '', 'is empty'],
  ['a file of white space', 'a.yaml', ' \n\n', 'is empty'],
  ['a YAML file of comments', 'a.yaml', '# nothing yet\n', 'is empty'],
  ['JSON without its end', 'a.json', '{\n  "a": 1', 'is not JSON: line 2, column 9: a } is missing'],
  [
    'JSON with a comma missing',
    'a.json',
    '{\n  "a": 1\n  "b": 2\n}',
    'line 3, column 3: a comma is missing before "b"',
  ],
  ['JSON with names without quotes', 'a.json', '{a: 1}', 'line 1, column 2: a must stand in double quotes'],
  ['JSON with single quotes', 'a.json', "{'a': 1}", /line 1, column 2: 'a' must stand in double quotes/],
  [
    'JSON with an id that begins with 0',
    'a.json',
    '{"account": 012345678901}',
    'line 1, column 14: a number must not begin with 0; put an id in quotes',
  ],
  ['JSON with a text over two lines', 'a.json', '{"a": "x\ny"}', 'line 1, column 7: a text has no end'],
  ['JSON with a path of Windows', 'a.json', '{"a": "C:\\Users"}', /line 1, column 7: a backslash must be followed by/],
  ['JSON with more behind it', 'a.json', '{}\n{}', 'line 2, column 1: there is more after the end'],
  [
    'JSON with a key twice',
    'a.json',
    '{"tags": {"a": "1",\n "a": "2"}}',
    'names a key twice: line 2, column 2: "a"; keep one of the two',
  ],
  ['JSON with marks of a merge', 'a.json', '<<<<<<< a\n{}\n', 'has marks of a merge'],
  [
    'comments in the answers of a repository',
    'a.json',
    '{\n// x\n}',
    /line 2, column 1: this file takes no comments/,
    'strict',
  ],
  [
    'a comma at the end in the answers of a repository',
    'a.json',
    '{"a": 1,\n}',
    /line 2, column 1: .* comma must not be the last/,
    'strict',
  ],
  ['UTF-16 in the answers of a repository', 'a.json', utf16(JSON_TEXT), 'is in UTF-16: save it as UTF-8', 'strict'],
  ['Latin-1', 'a.json', Buffer.from('{\n "a": "Größe"}', 'latin1'), 'is not valid UTF-8 at line 2, column 10'],
  ['half of a character of UTF-16', 'a.json', utf16('{}').subarray(0, 5), 'is not valid UTF-16'],
  ['YAML with a key twice', 'a.yaml', 'a: 1\na: 2\n', /is not YAML: Map keys must be unique at line 2, column 1/],
  ['YAML with a tab before a key', 'a.yaml', 'a:\n\tb: 1\n', /is not YAML: .* at line 2, column 1/],
  [
    'YAML with an alias of nothing',
    'a.yaml',
    'a: 1\nc: *b\n',
    /line 2, column 4\s+\*b stands for nothing: no value before it has the anchor &b/,
  ],
  [
    'YAML with a tag of CloudFormation',
    'a.yaml',
    'a: !Ref b\n',
    /is not YAML: Unresolved tag: !Ref at line 1, column 4/,
  ],
  [
    'YAML with an alias within itself',
    'a.yaml',
    'a: &a\n  b: *a\n',
    /line 2, column 6[\s\S]*\*a is within what it stands for/,
  ],
  [
    'YAML with an alias bomb',
    'a.yaml',
    `${'abcdefghij'
      .split('')
      .map(
        (name, i) =>
          `${name}: &${name} [${
            i === 0
              ? 'x'
              : Array(9)
                  .fill(`*${'abcdefghij'[i - 1]}`)
                  .join(', ')
          }]`,
      )
      .join('\n')}\n`,
    /is not YAML: Excessive alias count/,
  ],
  [
    'YAML with several documents',
    'a.yaml',
    'a: b\n---\na: c\n',
    'holds several documents: the second begins at line 2',
  ],
  [
    'YAML with an id that begins with 0',
    'a.yaml',
    'environments:\n  dev:\n    account: 012345678901\n',
    /line 3, column 14 {2}012345678901\n.*is read as the number 12345678901: put it in quotes/,
  ],
  [
    'YAML with an id that begins with 0 as a key',
    'a.yaml',
    'oidcProviders:\n  012345678901: {create: true}\n',
    /line 2, column 3 {2}012345678901/,
  ],
  ['YAML with an octal number', 'a.yaml', 'a: 0o17\n', /is read as the number 15: put it in quotes/],
  ['YAML with a hexadecimal number', 'a.yaml', 'a: 0xFF\n', /is read as the number 255/],
  [
    'YAML with a version that ends in 0',
    'a.yaml',
    'image: {version: 0.10}\n',
    /line 1, column 18 {2}0\.10\n.*the number 0\.1:/,
  ],
  ['YAML with an id that is a power of ten', 'a.yaml', 'commit: 1e10\n', /is read as the number 10000000000/],
];

it.each(refused)('the reader of answer files refuses %s', (_, name, content, says, dialect = 'relaxed') => {
  const error = errorOf(() => read(name, content, dialect));
  expect(error?.message).toMatch(says);
});

it('the reader of answer files names every number of a YAML file that is not read as it is written', () => {
  expect(errorOf(() => read('a.yaml', 'a: 01\nb: 02\n'))?.problems).toHaveLength(2);
});

it('the reader of answer files names a file that is not there, and a directory', () => {
  expect(errorOf(() => readAnswers(join(folder, 'no.json')))?.message).toContain('there is no such file');
  expect(errorOf(() => readAnswers(folder))?.message).toContain('it is a directory');
});

it('the reader of answer files gives aliases of YAML a copy each: a change of one is none of the other', () => {
  const value = parseAnswers('a: &a {x: "1"}\nb: *a\n', 'a.yaml') as { a: { x: string }; b: { x: string } };
  value.a.x = '2';
  expect(value.b.x).toBe('1');
});

it('the reader of answer files takes __proto__ for a key like any other', () => {
  for (const [text, name] of [
    ['{"__proto__": {"a": 1}}', 'a.json'],
    ['__proto__: {a: 1}\n', 'a.yaml'],
  ] as const) {
    expect(Object.keys(parseAnswers(text, name) as object)).toEqual(['__proto__']);
  }
});
