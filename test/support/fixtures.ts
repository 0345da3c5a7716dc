import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants, deflateRawSync, inflateRawSync } from 'node:zlib';

import { BASE_FILE } from '../../src/project/merge-base';

/** Where the repositories that each version emitted are kept. */
export const FIXTURES = join(__dirname, '../fixtures/emitted');

/** Files of a repository by path, as text. */
export type Files = Readonly<Record<string, string>>;

/** What one version of this package emitted: repositories by name. */
export type Fixture = Readonly<Record<string, Files>>;

/** The names of all that are kept, the oldest last. */
export function fixtureNames(): string[] {
  return readdirSync(FIXTURES)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort()
    .reverse();
}

/** Repositories have most of their files in common, so all of them are compressed as one text. */
export function writeFixture(name: string, repositories: Fixture): void {
  const text = Buffer.from(JSON.stringify(mapValues(repositories, withoutCopies)));
  const content = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  }).toString('base64');
  mkdirSync(FIXTURES, { recursive: true });
  const fixture = { repositories: Object.keys(repositories), brotli: content };
  writeFileSync(join(FIXTURES, `${name}.json`), `${JSON.stringify(fixture, undefined, 2)}\n`);
}

export function readFixture(name: string): Fixture {
  const { brotli } = JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8')) as { brotli: string };
  return mapValues(JSON.parse(brotliDecompressSync(Buffer.from(brotli, 'base64')).toString('utf8')), withCopies);
}

/** Writes a repository as its owner has it. */
export function unpackRepository(files: Files, directory: string): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
}

/** What stands in the base for a content that the file beside it has: compressed twice, these are most of a fixture. */
const SAME = '=';

function withoutCopies(files: Files): Files {
  return mapBase(files, (packed, content) => (inflates(packed, content) ? SAME : packed));
}

function withCopies(files: Files): Files {
  return mapBase(files, (packed, content) =>
    packed === SAME ? deflateRawSync(content, { level: 9 }).toString('base64') : packed,
  );
}

function mapBase(files: Files, change: (packed: string, content: string) => string): Files {
  const lines = files[BASE_FILE]!.split('\n').map((line) => {
    const [path, hash, packed, ...more] = line.split('\t');
    return packed === undefined ? line : [path, hash, change(packed, files[path!] ?? ''), ...more].join('\t');
  });
  return { ...files, [BASE_FILE]: lines.join('\n') };
}

function inflates(packed: string, content: string): boolean {
  try {
    return inflateRawSync(Buffer.from(packed, 'base64')).toString('utf8') === content;
  } catch {
    return false;
  }
}

function mapValues<T>(values: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
