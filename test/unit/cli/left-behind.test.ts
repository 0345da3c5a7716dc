import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findDestination } from '../../../src/cli/destination';
import { expandHome } from '../../../src/cli/home';
import { isLeftBehind } from '../../../src/cli/left-behind';
import { UsageError } from '../../../src/cli/usage-error';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'destination-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const LEFT = {
  'version control': ['.git', '.hg', '.svn', '.jj', '.gitignore', '.gitattributes', '.hgignore', '.gitkeep', 'CVS'],
  "GitHub's page for a new repository": [
    'README.md',
    'README',
    'readme.rst',
    'LICENSE',
    'LICENSE.md',
    'UNLICENSE',
    'LICENSE-APACHE.txt',
  ],
  editors: ['.idea', '.vscode', '.vs', '.zed', '.README.md.swp', '.x.swo', 'a.txt~', '#a#', '.#a', 'x.iml', '.project'],
  desktops: ['.DS_Store', '._x', 'Thumbs.db', 'desktop.ini', 'Desktop.ini', '.directory', '.Trash-1000', 'Icon\r'],
  disks: ['lost+found', 'System Volume Information', '$RECYCLE.BIN', '.nfs0000000012', '.dropbox', '@eaDir'],
};
const PUT_THERE = [
  ...[
    'a.txt',
    'package.json',
    'src',
    '.github',
    'node_modules',
    'main.tf',
    'docs',
    '.env',
    'git',
    'idea',
    'license-tool',
  ],
  ...['README.md.d', 'Makefile', '.npmrc', '.gitmodules', 'mcp-deploy.yaml'],
];

describe('a directory for a new repository', () => {
  it.each(Object.entries(LEFT))("a new repository's directory counts as empty with what %s left behind", (_, names) => {
    expect(names.filter((name) => !isLeftBehind(name))).toEqual([]);
  });

  it.each(PUT_THERE)('a directory for a new repository is not empty with %s', (name) => {
    writeFileSync(join(folder, name), '');
    expect(() => findDestination(folder)).toThrow(`is not empty: ${name}`);
  });

  it('a directory for a new repository is a clone with a folder .git, and with a file .git as a worktree or a submodule has', () => {
    writeFileSync(join(folder, '.git'), 'gitdir: ../somewhere\n');
    expect(findDestination(folder)).toMatchObject({ exists: true, isEmpty: false, isClone: true });
    rmSync(join(folder, '.git'));
    mkdirSync(join(folder, '.git'));
    expect(findDestination(folder)).toMatchObject({ isClone: true });
  });

  const cannotBeKept: [string, () => void, RegExp][] = [
    [
      'a README.md in UTF-16',
      () => writeFileSync(join(folder, 'README.md'), Buffer.from('\uFEFFx', 'utf16le')),
      /README\.md is not UTF-8/,
    ],
    ['a README.md that is a folder', () => mkdirSync(join(folder, 'README.md')), /README\.md: it is a folder/],
    [
      'a .gitignore that is a symbolic link',
      () => symlinkSync('/etc/hostname', join(folder, '.gitignore')),
      /\.gitignore: it is a symbolic link to/,
    ],
    [
      'a readme.md, which README.md would be on macOS',
      () => writeFileSync(join(folder, 'readme.md'), 'x'),
      /rename it to README\.md/,
    ],
  ];
  it.each(cannotBeKept)('a directory for a new repository is refused with %s, by name', (_, put, message) => {
    put();
    expect(() => findDestination(folder)).toThrow(message);
    expect(() => findDestination(folder)).toThrow(UsageError);
  });

  it('a directory for a new repository may be written from the home folder on', () => {
    expect(expandHome('~/acme')).toBe(join(homedir(), 'acme'));
    expect(expandHome('~')).toBe(homedir());
    expect(expandHome('./~')).toBe('./~');
    expect(expandHome('a~/b')).toBe('a~/b');
    expect(findDestination('~/no-such-folder-of-anybody')).toMatchObject({
      directory: join(homedir(), 'no-such-folder-of-anybody'),
      shown: join(homedir(), 'no-such-folder-of-anybody'),
    });
  });

  it.each(['~root/acme', '~nobody', '~+/x', '~-'])('a directory %s, which only a shell knows, is refused', (typed) => {
    expect(() => findDestination(typed)).toThrow(/is not expanded here/);
  });
});
