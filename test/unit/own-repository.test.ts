import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { withProgress } from '../support/engines/install';
import { SEED } from '../support/level';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Paths of this repository in the text of a document. Those below docs/ may be of an emitted one. */
function pathsIn(text: string): string[] {
  const spans = [...text.matchAll(/`([^`\s]+)`/g)].map(([, span]) => span!);
  return spans
    .filter((span) => /^(src|generators|templates|test|scripts|bench)\//.test(span))
    .map((span) => span.replace('TARGET', 'terraform'));
}

/** Whether there is a file or folder of this path, whose last part may have a star. */
function isThere(path: string): boolean {
  const [folder, name] = [join(ROOT, dirname(path)), basename(path)];
  const pattern = new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  return existsSync(folder) && readdirSync(folder).some((entry) => pattern.test(entry));
}

describe('the documents of this repository', () => {
  it.each(['README.md', 'docs/architecture.md'])('%s names files that exist', (document) => {
    const paths = pathsIn(read(document));
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => !isThere(path))).toEqual([]);
  });
});

/** Files that are data, or declare types alone: rows of one table, however many there are. */
const DATA = ['src/model/delivery/grants.ts', 'src/model/deployment.ts'];

const SOURCES = ['src', 'generators'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`),
);

describe('the files of this repository', () => {
  it('there are sources to look at', () => {
    expect(SOURCES.length).toBeGreaterThan(200);
  });

  it('the files of src and generators have at most 350 lines each, but for data', () => {
    const long = SOURCES.filter((path) => read(path).trimEnd().split('\n').length > 350);
    // A file that is cut, or gone, leaves the list.
    expect(long.sort()).toEqual([...DATA].sort());
  });

  it('the unit tests are in the folders of what they test, and one with the name of a source is beside no other', () => {
    const inTests = (path: string) => path.replace(/^src\//, '');
    const sources = new Set(SOURCES.map((path) => inTests(path).replace(/\.ts$/, '')));
    const folders = new Set(SOURCES.map((path) => inTests(dirname(path))));
    // Of the repository itself, and of the helpers of tests.
    const elsewhere = ['.', 'support'];
    const tests = readdirSync(join(ROOT, 'test/unit'), { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.test.ts') && !elsewhere.includes(dirname(path)));
    expect(tests.length).toBeGreaterThan(100);
    expect(tests.filter((path) => !folders.has(dirname(path)))).toEqual([]);
    const names = new Set([...sources].map((path) => basename(path)));
    const strays = tests.filter((path) => {
      const source = path.replace(/\.test\.ts$/, '');
      return names.has(basename(source)) && !sources.has(source) && !folders.has(source);
    });
    expect(strays, 'the source of this name is in another folder: move the test there, or name it otherwise').toEqual(
      [],
    );
  });

  it('a doc comment of src and generators begins with the thing, and not with a clause about it', () => {
    const clauses = SOURCES.flatMap((path) =>
      (read(path).match(/\/\*\*\s+(?:\* )?(?:What|Who|Whose) [^\n]*/g) ?? []).map((comment) => `${path}: ${comment}`),
    );
    expect(clauses).toEqual([]);
  });
});

describe('the tests of this repository', () => {
  it('the durations of suites are those of suites that exist', () => {
    const paths = Object.keys(JSON.parse(read('test/durations.json')));
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('the number of cases of a property grows with the level of the run', () => {
    const suites = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      // The sequences of regeneration have their own number for each level.
      /^(unit|parity)\b.*\.test\.ts$/.test(path),
    );
    expect(suites.length).toBeGreaterThan(50);
    expect(suites.filter((path) => /numRuns: *\d/.test(read(join('test', path))))).toEqual([]);
  });

  it('the seed that a run prints is that of its properties, too, but under CI', () => {
    expect(fc.readConfigureGlobal().seed).toBe(process.env.CI ? 20261121 : SEED);
  });

  it('the end of an installation is told, also of one that failed', async () => {
    const told: string[] = [];
    await withProgress(
      'this',
      async () => {},
      (line) => told.push(line),
    );
    const failing = async () => {
      throw new Error('no network');
    };
    await expect(withProgress('that', failing, (line) => told.push(line))).rejects.toThrow('no network');
    expect(told).toEqual([
      'installing this …',
      expect.stringMatching(/^installed this in \d+ s$/),
      'installing that …',
      expect.stringMatching(/^could not install that: it failed after \d+ s$/),
    ]);
  });
});

describe.skipIf(process.platform === 'win32')('npm pack', () => {
  it('npm pack before npm ci says what to run first', () => {
    const folder = mkdtempSync(join(tmpdir(), 'prepack-'));
    try {
      const { prepack } = JSON.parse(read('package.json')).scripts;
      const { status, stderr } = spawnSync('sh', ['-c', prepack], { cwd: folder, encoding: 'utf8' });
      expect([status, stderr]).toEqual([1, expect.stringMatching(/^Run npm ci first: .*\n$/)]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
