import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Answers } from '../../src/config/repository';
import { LATEST } from '../../src/conventions';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { BASE_FILE, parseBase } from '../../src/project/merge-base';
import { ownPackage } from '../../src/project/package-root';
import { runCommand } from '../support/command';
import { NO_REGISTRY } from '../support/emitted';
import { fixtureNames, readFixture, unpackRepository } from '../support/fixtures';
import { linkPackages } from '../support/installed';

/** What an owner added, to a merged file of each target. */
const EDITS: readonly (readonly [path: string, text: string])[] = [
  ['deploy/terraform/modules/mcp_server/main.tf', '\n# our own note\n'],
  ['deploy/cloudformation/mcp_server.yaml', '\n# our own note\n'],
  ['deploy/cdk/lib/service-stack.ts', '\n// our own note\n'],
];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'older-version-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const command = (...args: string[]) => runCommand(args, { cwd: directory, env: NO_REGISTRY });
const read = (path: string) => readFileSync(join(directory, path), 'utf8');

describe.each(fixtureNames())('what version %s emitted', (version) => {
  it.each(Object.entries(readFixture(version)))(
    `what version ${version} emitted for %s is moved to this version, and its edits with it`,
    async (_, files) => {
      unpackRepository(files, directory);
      linkPackages(directory);
      const [path, edit] = EDITS.find(([candidate]) => candidate in files)!;
      appendFileSync(join(directory, path), edit);

      const upgraded = await command('upgrade', '--no-install');
      expect([upgraded.exitCode, upgraded.stdout + upgraded.stderr]).toEqual([0, expect.any(String)]);
      expect(upgraded.stderr).toContain('the registry cannot be reached');

      expect(read(path)).toContain(edit.trim());
      const answers = JSON.parse(read('mcp-deploy.json')) as Answers;
      expect(resolveDeployment(readConfig(answers, 'mcp-deploy.json')).conventions.id).toBe(LATEST.id);
      expect(Object.keys(answers.environments)).toEqual(
        Object.keys((JSON.parse(files['mcp-deploy.json']!) as Answers).environments),
      );
      expect(parseBase(read(BASE_FILE)).origin).toMatchObject({
        conventions: LATEST.id,
        generator: ownPackage().version,
      });
      const checked = await command('sync', '--check');
      expect([checked.exitCode, checked.stdout]).toEqual([0, expect.stringContaining('0 create, 0 update, 0 delete')]);
    },
  );
});

it('what this version emits is kept, once it is a release', () => {
  const { version } = ownPackage();
  expect(version === '0.0.0' || fixtureNames().includes(version), 'npm run fixture keeps it').toBe(true);
});
