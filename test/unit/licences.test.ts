import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const ROOT = join(__dirname, '../..');
const PERMISSIVE =
  /^(0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|CC0-1\.0|ISC|MIT|MIT-0|Public Domain|Python-2\.0|Unlicense)$/;

interface Locked {
  readonly license?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const locked: Readonly<Record<string, Locked>> = JSON.parse(read('package-lock.json')).packages;
const nameOf = (path: string) => path.split('node_modules/').at(-1)!;

/** Of several licences, one may be chosen. */
const isPermissive = (licence: string) =>
  licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((one) => PERMISSIVE.test(one));

describe('licences of other packages', () => {
  it('licences of what the published package depends on are permissive', () => {
    const installed = Object.entries(locked).filter(([path, { dev }]) => path !== '' && !dev);
    expect(installed.map(([path]) => nameOf(path))).toEqual(
      expect.arrayContaining(Object.keys(locked['']!.dependencies!)),
    );
    expect(installed.filter(([, { license }]) => !isPermissive(license ?? 'none'))).toEqual([]);
  });

  it('licences of what the bundle and the library have in them are permissive', async () => {
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: ['src/cli/main.ts', 'src/index.ts', 'src/operations/index.ts', 'src/operations/test-reporter.ts'],
      bundle: true,
      platform: 'node',
      outdir: 'never-written',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    const paths = Object.keys(metafile.inputs).flatMap(
      (path) => /^(?:.*node_modules\/)(?:@[^/]+\/)?[^/]+/.exec(path) ?? [],
    );
    const bundled = [...new Set(paths)];
    expect(bundled).toContain('node_modules/zod');
    const licences = bundled.map((path) => [path, locked[path]?.license ?? 'none'] as const);
    expect(licences.filter(([, licence]) => !isPermissive(licence))).toEqual([]);
  });

  it('licences that are not permissive are listed, each with its package', () => {
    const rows = [...read('docs/licences.md').matchAll(/^\| `([^`]+)` \| (\S+) \|/gm)].map(([, name, licence]) => [
      name!,
      licence!,
    ]);
    const others = Object.entries(locked)
      .map(([path, { license }]) => [nameOf(path), license] as const)
      .filter(([, licence]) => licence !== undefined && !isPermissive(licence));
    // A package of programs has one for each platform.
    const unlisted = others.filter(
      ([name, licence]) =>
        !rows.some(([row, listed]) => listed === licence && (name === row || name.startsWith(`${row}-`))),
    );
    expect(unlisted).toEqual([]);
    expect(rows.filter(([row]) => !others.some(([name]) => name === row))).toEqual([]);
  });
});
