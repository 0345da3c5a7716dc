import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { COMMAND } from '../support/command';
import { ensurePackage } from '../support/npm-packages';
import { startProgram } from '../support/program';
import { standInForTerraform } from '../support/terraform-stand-in';

const VERSIONS = ['20.20.2', '22.23.3', '24.21.0', '26.10.0'];

describe('versions of Node.js', () => {
  let folder: string;
  let terraform: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'node-versions-'));
    terraform = standInForTerraform(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.for(VERSIONS)(
    'Node.js %s runs the command, and npx projen and npm test in what it emits, whatever forces colours',
    async (version, { skip }) => {
      const bin = await ensurePackage('node', version).catch((error: Error) => error);
      if (bin instanceof Error) {
        if (process.env.CI) throw bin;
        skip(`Node.js ${version} cannot be installed: ${bin.message}`);
        return;
      }
      const work = join(folder, version);
      const repository = join(work, 'acme');
      mkdirSync(work);
      const run = (words: readonly string[], cwd: string) =>
        startProgram(words, cwd, {
          ...process.env,
          FORCE_COLOR: '1',
          CLICOLOR_FORCE: '1',
          npm_config_color: 'always',
          PATH: `${terraform}:${bin}:${process.env.PATH}`,
          ...IDENTITY,
        });
      expect((await run(['node', '--version'], work)).output.trim()).toBe(`v${version}`);

      const created = await run(['node', COMMAND, 'acme', '--yes'], work);
      expect(created.output).toMatch(/^✓ \d+ files written to acme$/m);
      expect(created.output).toMatch(/^✓ \d+ packages installed$/m);
      expect(created.output).toMatch(/^✓ its tests: 12 passed$/m);
      expect(created.output).toMatch(/^✓ git repository, first commit$/m);
      expect(created.exitCode, created.output).toBe(0);

      const synced = await run(['npx', 'projen'], repository);
      expect(synced.output).toMatch(/0 created, 0 updated, 0 deleted/);
      expect(synced.exitCode, synced.output).toBe(0);

      const tested = await run(['npm', 'test'], repository);
      expect(tested.output).toMatch(/^(#|ℹ) pass 12$/m);
      expect(tested.output).not.toMatch(/warning/i);
      expect(tested.exitCode, tested.output).toBe(0);

      const status = await run(['git', 'status', '--porcelain'], repository);
      expect(status.output).toBe('');
      expect(JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')).lockfileVersion).toBe(3);
    },
  );
});

const IDENTITY = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};
