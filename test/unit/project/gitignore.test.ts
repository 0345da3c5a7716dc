import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../../src/config/example';
import { TARGETS } from '../../../src/config/repository';
import { QuiltMcpDeployProject } from '../../../src/project/project';
import { newTree } from '../../../src/project/sync';

/** As in github/gitignore: Terraform, Node, Python, Go, VisualStudio, macOS; and what people have beside them. */
const PATTERNS = {
  "GitHub's template for Terraform":
    '*.tfvars\n*.tfvars.json\noverride.tf\n*_override.tf\n.terraform.lock.hcl\n*.tfstate\n',
  "GitHub's template for Node": '*.tgz\nlogs\n*.log\ndist\n.env\npackage-lock.json\n.yarn\nvendor\n',
  'folders of builds': '[Bb]in/\nlib/\nbuild/\nvendor/\n[Tt]est*/\n[Dd]ocs/\nmodules/\nimages/\n',
  'every dotfile': '.*\n',
  'every file': '*\n',
  'every folder': '*/\n',
  'everything below the root': '/*\n/**\n',
  'all that is data or text': '*.json\n*.md\n*.yml\n*.yaml\n*.tf\n*.hcl\n*.mjs\n*.ts\n*.py\n*.sh\nDockerfile\nbase\n',
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gitignore-test-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  });

function write(folder: string, path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

describe.each(TARGETS)('the .gitignore of a repository for %s', (target) => {
  const project = new QuiltMcpDeployProject({ answers: exampleAnswers(undefined, target), generator: '1.2.3' });
  const files = newTree(project.syncOptions());
  const later = [
    'package-lock.json',
    'vendor/create-quilt-mcp-deploy-0.0.0-12345678.tgz',
    'docs/upgrades/2026-11-29.json',
  ];
  const paths = [...files.map(({ path }) => path), ...later].sort();

  function emit(folder: string): void {
    for (const { path, content } of files) write(folder, path, content);
    for (const path of later) write(folder, path, '');
  }

  it.each(Object.entries(PATTERNS))('a .gitignore takes in every generated file if others ignore %s', (_, patterns) => {
    const [own, outer] = [join(root, 'own'), join(root, 'outer')];
    for (const folder of [own, outer]) {
      mkdirSync(folder);
      git(folder, 'init', '--quiet');
    }
    // From .git/info/exclude, from core.excludesFile, and from the ignore file of a repository around it.
    emit(own);
    write(own, '.git/info/exclude', patterns);
    git(own, 'add', '--all');
    expect(git(own, 'ls-files').trim().split('\n').sort()).toEqual(paths);
    git(own, 'rm', '-r', '--cached', '--quiet', '.');
    write(own, '.git/info/exclude', '');
    write(root, 'machine', patterns);
    git(own, '-c', `core.excludesFile=${join(root, 'machine')}`, 'add', '--all');
    expect(git(own, 'ls-files').trim().split('\n').sort()).toEqual(paths);
    // Of a folder that is left out itself, git never reads anything.
    const leavesOutTheFolder = /^\/?\*/.test(patterns) && patterns !== PATTERNS['all that is data or text'];
    if (!leavesOutTheFolder) {
      emit(join(outer, 'x'));
      write(outer, '.gitignore', patterns);
      git(outer, 'add', '--all', 'x');
      expect(git(join(outer, 'x'), 'ls-files').trim().split('\n').sort()).toEqual(paths);
    }
  });

  it(`the .gitignore for ${target} leaves out what tools, editors and secrets leave in a repository, as a machine says`, () => {
    git(root, 'init', '--quiet');
    emit(root);
    write(root, '.git/info/exclude', '.idea/\n.DS_Store\n*.swp\n.env\n*.tfvars.json\n*_override.tf\n');
    const junk = [
      ...['node_modules/a/package.json', 'deploy/.DS_Store', '.idea/workspace.xml', 'deploy/.idea/a.json', '.env'],
      ...['docs/.a.md.swp', '.projen/sync/journal.json', '.projen/sync-12/0.new', 'node_modules/a/main.tf'],
    ];
    const ofTerraform = [
      ...['service/secret.auto.tfvars.json', 'service/mine_override.tf', 'service/terraform.tfstate'],
      ...['service/.terraform/modules/a/main.tf', 'service/crash.log'],
    ].map((path) => `deploy/terraform/environments/dev/${path}`);
    const all = [...junk, ...(target === 'terraform' ? ofTerraform : [])];
    for (const path of all) write(root, path, '');
    git(root, 'add', '--all');
    const tracked = new Set(git(root, 'ls-files').trim().split('\n'));
    expect(all.filter((path) => tracked.has(path))).toEqual([]);
  });
});
