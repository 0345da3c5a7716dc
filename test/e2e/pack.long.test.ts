import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { ownPackage } from '../../src/project/package-root';

const { root, name } = ownPackage();
let folder: string;
let clone: string;

/** As a fresh clone is after `npm ci`: the files that git has, and no build. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pack-'));
  clone = join(folder, 'clone');
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\0');
  for (const path of listed.filter((file) => file && existsSync(join(root, file)))) {
    cpSync(join(root, path), join(clone, path));
  }
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pack = () => spawnSync('npm', ['pack', '--pack-destination', folder], { cwd: clone, encoding: 'utf8' });

it('npm pack in a fresh clone makes a package whose command works', () => {
  const { status, stdout, stderr } = pack();
  expect(status, stdout + stderr).toBe(0);
  execFileSync('tar', ['-xzf', join(folder, `${name}-0.0.0.tgz`), '-C', folder]);
  const command = join(folder, 'package/lib/cli.js');
  const emitted = execFileSync(process.execPath, [command, 'my-deploy', '--yes', '--dry-run'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(emitted).toMatch(/files, nothing written/);
  expect(readdirSync(join(folder, 'package/lib'))).toContain('mcp-deploy.schema.json');
});

it('npm pack fails, and leaves no package, if the command cannot be built', () => {
  rmSync(join(folder, `${name}-0.0.0.tgz`), { force: true });
  appendFileSync(join(clone, 'src/cli/main.ts'), '\nimport "./not-there";\n');
  expect(pack().status).not.toBe(0);
  expect(readdirSync(folder).filter((file) => file.endsWith('.tgz'))).toEqual([]);
});
