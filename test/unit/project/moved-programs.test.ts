import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type Answers, TARGETS } from '../../../src/config/repository';
import { movedIn, movedTo } from '../../../src/project/moved-programs';
import { QuiltMcpDeployProject } from '../../../src/project/project';
import { needsOwner, reportSync } from '../../../src/project/sync';
import { type Files, fixtureNames, readFixture, unpackRepository } from '../../support/fixtures';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'moved-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const at = (path: string) => join(directory, path);
const read = (path: string) => readFileSync(at(path), 'utf8');
function write(path: string, text: string): void {
  mkdirSync(join(at(path), '..'), { recursive: true });
  writeFileSync(at(path), text);
}

function project(): QuiltMcpDeployProject {
  const answers = JSON.parse(read('mcp-deploy.json')) as Answers;
  return new QuiltMcpDeployProject({ answers, repositoryRoot: directory, generator: '0.0.0' });
}
const sync = () => project().bringUpToDate();
const kindOf = (result: ReturnType<typeof sync>, path: string) =>
  result.changes.find((change) => change.path === path)?.kind;

/** Warnings of a sync, without those of the answers. */
const ofMoved = ({ warnings = [] }: ReturnType<typeof sync>) =>
  warnings.filter((warning) => !warning.startsWith('environments.'));

const REPOSITORIES = fixtureNames().flatMap((version) =>
  Object.entries(readFixture(version)).map(([name, files]): [string, Files] => [`${name} by ${version}`, files]),
);
/** One of each target is enough where every repository does the same. */
const ONE = REPOSITORIES.filter(([name]) => / ?(\w+)-newest-path by /.test(name)).slice(0, 3);

describe('a program that moved into the package', () => {
  it('a program that moved was in repositories of every target', () => {
    for (const target of TARGETS) {
      const having = REPOSITORIES.filter(([, files]) => 'deploy/delivery/main.mjs' in files);
      expect(having.some(([name]) => name.startsWith(`${target}-`))).toBe(true);
    }
    expect(ONE).toHaveLength(TARGETS.length);
  });

  it.each(REPOSITORIES)(
    'a program that moved goes from the repository %s, and its tasks call the command',
    (_, files) => {
      unpackRepository(files, directory);
      const programs = Object.keys(files).filter((path) => movedTo(path) !== undefined);
      const result = sync();
      expect(needsOwner(result)).toBe(false);
      expect(ofMoved(result)).toEqual([]);
      for (const path of programs) expect({ path, there: existsSync(at(path)) }).toEqual({ path, there: false });
      // Nothing that is generated now names what is gone.
      const generated = result.changes.filter(({ kind }) => kind !== 'delete').map(({ path }) => path);
      expect(generated.filter((path) => existsSync(at(path)) && movedIn(read(path)).length > 0)).toEqual([]);
      expect(read('.projen/tasks.json')).toMatch(/"create-quilt-mcp-deploy",\s*"verify",\s*"dev"/);
      expect(sync().changes.filter(({ kind }) => kind !== 'unchanged' && kind !== 'yours')).toEqual([]);
    },
  );

  it.each(ONE)('a program that moved becomes its owner’s if they edited it, in %s', (_, files) => {
    unpackRepository(files, directory);
    const edited = {
      'deploy/delivery/verify.mjs': 'npx create-quilt-mcp-deploy',
      '.github/scripts/upgrade.sh': 'node .github/scripts/upgrade.mjs',
    };
    for (const path of Object.keys(edited)) appendFileSync(at(path), '\n');
    const before = Object.keys(edited).map(read);
    const result = sync();
    expect(kindOf(result, 'deploy/delivery/main.mjs')).toBe('delete');
    expect(kindOf(result, '.github/scripts/github.sh')).toBe('delete');
    expect(needsOwner(result)).toBe(false);
    for (const [path, instead] of Object.entries(edited)) {
      expect(kindOf(result, path)).toBe('kept');
      expect(reportSync(result).join('\n')).toContain(
        `  kept     ${path}: you edited it, so it is yours now, and nothing that is generated runs it any more. Instead: ${instead}`,
      );
    }
    expect(Object.keys(edited).map(read)).toEqual(before);
    // They are not looked at again.
    const again = sync();
    expect(Object.keys(edited).map((path) => kindOf(again, path))).toEqual([undefined, undefined]);
    expect(Object.keys(edited).map(read)).toEqual(before);
  });

  it.each(ONE)('a program that moved is named with all of the owner’s that calls it, in %s', (_, files) => {
    unpackRepository(files, directory);
    write(
      '.github/workflows/own.yml',
      'jobs:\n  a:\n    steps:\n      - run: node deploy/delivery/main.mjs list\n      - run: bash ./.github/scripts/image.sh print\n',
    );
    write('scripts/tag.sh', '#!/bin/sh\nnode ./docker/image.mjs tag\nnode my-docker/image.mjs\n');
    write('notes.md', 'We ran node deploy/delivery/main.mjs.\n');
    const manifest = JSON.parse(read('package.json'));
    manifest.scripts.mine = 'node deploy/delivery/main.mjs drift dev';
    write('package.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
    const one = project();
    one.addTask('own', { steps: [{ exec: 'node deploy/delivery/main.mjs verify dev' }] });
    one.addTask('words', { execArgs: ['node', 'deploy/delivery/main.mjs', 'verify', 'dev'] });
    const warnings = ofMoved(one.bringUpToDate());
    const line =
      read('package.json')
        .split('\n')
        .findIndex((text) => text.includes('"mine"')) + 1;
    const gone = (path: string) => `calls ${path}, which is gone. Instead: ${movedTo(path)}`;
    expect([...warnings].sort()).toEqual(
      [
        `.github/workflows/own.yml, line 4, ${gone('deploy/delivery/main.mjs')}`,
        `.github/workflows/own.yml, line 5, ${gone('.github/scripts/image.sh')}`,
        `package.json, line ${line}, ${gone('deploy/delivery/main.mjs')}`,
        `scripts/tag.sh, line 2, ${gone('docker/image.mjs')}`,
        `the task own, which .projenrc.js adds, ${gone('deploy/delivery/main.mjs')}`,
        `the task words, which .projenrc.js adds, ${gone('deploy/delivery/main.mjs')}`,
      ].sort(),
    );
    // As long as nothing is there that it could call.
    const scripts = () => ofMoved(sync()).filter((warning) => warning.startsWith('scripts/'));
    expect(scripts()).toHaveLength(1);
    write('docker/image.mjs', '// ours\n');
    expect(scripts()).toEqual([]);
  });

  it.each(ONE)(
    'a program that moved and that its owner ejected is named as one that nothing runs, in %s',
    (_, files) => {
      unpackRepository(files, directory);
      const path = 'deploy/delivery/verify.mjs';
      const answers = JSON.parse(read('mcp-deploy.json'));
      write('mcp-deploy.json', `${JSON.stringify({ ...answers, ejected: [path] }, undefined, 2)}\n`);
      const warnings = ofMoved(sync());
      expect(existsSync(at(path))).toBe(true);
      expect(warnings).toEqual([
        `${path} is yours, and nothing that is generated runs it any more. Instead: ${movedTo(path)}. Delete it, and take it out of ejected in mcp-deploy.json`,
      ]);
    },
  );
});
