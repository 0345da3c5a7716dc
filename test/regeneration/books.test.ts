import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../src/config/example';
import { parseBase, sha256 } from '../../src/project/merge-base';
import { needsOwner, previewSync } from '../../src/project/sync';
import { Unwritable } from '../../src/project/unwritable';
import { repairTree } from '../../src/project/writer';
import { file, kinds, lines, report, scratch } from './scratch';
import { differences, readTree, type Tree } from './tree';

const { root, outside, path, read, write, edit, remove, link, options, sync } = scratch();

const FILES = [
  file('a.md', lines(20)),
  file('b.json', '{}\n', 'managed'),
  file('c.md', lines(20, { 0: 'c' })),
  file('.projen/tasks.json', '{}\n', 'internal'),
];
const NEW = [
  file('a.md', lines(20, { 15: 'new' })),
  file('b.json', '{"new":1}\n', 'managed'),
  file('c.md', lines(20, { 0: 'c', 15: 'new' })),
  file('.projen/tasks.json', '{"new":1}\n', 'internal'),
];
const hash = (text: string) => sha256(Buffer.from(text));
const packed = (content: Buffer | string) => deflateRawSync(content).toString('base64');
const entry = (name: string, content: string, moved = '') =>
  `${name}\t${hash(content)}\t${packed(content)}${moved && `\t${moved}`}\n`;

/** Nothing outside of the repository, nor in its .git, was touched by what follows. */
let foreign: () => Tree[];
beforeEach(() => {
  write('.git/config', 'config');
  write('.git/hooks/pre-commit', 'hook');
  mkdirSync(join(outside(), 'sync/empty'), { recursive: true });
  writeFileSync(join(outside(), 'mine'), 'mine');
  writeFileSync(join(outside(), 'base'), 'mine');
  writeFileSync(join(outside(), 'sync/journal.json'), '[]');
  foreign = () => [readTree(outside()), readTree(path('.git'))];
});

function expectForeignUntouched(action: () => void): void {
  const before = foreign();
  action();
  expect(foreign().map((tree, index) => differences(before[index]!, tree, true))).toEqual([[], []]);
}

describe('a base that was lost', () => {
  it('a base that was lost makes a sync leave what differs, and take what does not', () => {
    sync(...FILES);
    edit('a.md', (text) => text.replace('line 3', 'mine'));
    remove('.projen/base');
    const result = sync(...FILES);
    expect(kinds(result)).toEqual({ 'a.md': 'edited', 'b.json': 'unchanged', 'c.md': 'unchanged' });
    expect(needsOwner(result)).toBe(true);
    expect(report(result)).toMatch(/left +a\.md: it was there before, or \.projen\/base was lost/);
    expect(kinds(sync(...NEW))).toEqual({ 'a.md': 'edited', 'b.json': 'update', 'c.md': 'update' });
    expect(read('a.md')).toBe(lines(20, { 3: 'mine' }));
  });

  it('a base that was lost in part still says what the rest of it says, wherever it was cut off', () => {
    sync(...FILES);
    edit('a.md', (text) => text.replace('line 3', 'mine'));
    const base = read('.projen/base');
    const edited = read('a.md');
    for (let end = 0; end <= base.length; end += 1 + (end % 7)) {
      write('.projen/base', base.slice(0, end));
      const { conflicts, changes } = previewSync(options(NEW));
      expect(conflicts).toEqual([]);
      const kind = Object.fromEntries(changes.map((change) => [change.path, change.kind]));
      const knows = (name: string) => parseBase(base.slice(0, end)).entries.get(name)?.[0]?.content !== undefined;
      expect(kind['a.md']).toBe(knows('a.md') ? 'merge' : 'edited');
      expect(kind['c.md'] === 'update' || !knows('c.md')).toBe(true);
    }
    expect(read('a.md')).toBe(edited);
  });
});

describe('a base that says what it should not', () => {
  it.each([
    ['a path that leads out', '../outside/mine'],
    ['a path that leads out further down', 'docs/../../outside/mine'],
    ['an absolute path', '/etc/hostname'],
    ['a file of git', '.git/config'],
    ['a file of git in capitals', '.GIT/config'],
    ['a backslash', '..\\outside\\mine'],
    ['a control character', 'docs/\u001b[2J.md'],
    ['a book of the tool', '.projen/base'],
    ['a file below a symbolic link', 'link/mine'],
    ['a symbolic link', 'link'],
  ])('%s in a base is never written to, nor deleted', (_, name) => {
    link('link', outside());
    sync(...FILES);
    for (const [content, files] of [
      ['mine', NEW],
      ['config', FILES],
    ] as const) {
      edit('.projen/base', (base) => base + entry(name, content) + entry('a.md', 'x', name));
      expectForeignUntouched(() => {
        expect(kinds(sync(...files))).toMatchObject({ 'a.md': 'update' });
      });
    }
    expect(existsSync('/etc/hostname')).toBe(true);
  });

  it('a base that names files of the tool and package.json has no say in whether they are written', () => {
    const own = file('package.json', '{}\n', 'internal');
    write('.projen/base', entry('package.json', 'x') + entry('.projen/tasks.json', 'x'));
    sync(...FILES, own);
    expect(read('package.json')).toBe('{}\n');
    expect(read('.projen/tasks.json')).toBe('{}\n');
  });

  it('a base with a hash or a content that is wrong counts as lost', () => {
    write('a.md', lines(20, { 3: 'mine' }));
    for (const line of [
      `a.md\t${hash('other')}\t${packed(lines(20))}\n`,
      `a.md\t${hash(lines(20))}\tnonsense\n`,
      `a.md\t${hash(lines(20))}\n`,
      `a.md\tnonsense\t${packed(lines(20))}\n`,
      'a.md\n\t\t\n\0\0\n',
    ]) {
      write('.projen/base', line);
      expect(kinds(sync(file('a.md', lines(20, { 15: 'new' })))), line).toEqual({ 'a.md': 'edited' });
    }
    expect(read('a.md')).toBe(lines(20, { 3: 'mine' }));
  });

  it('a base that has in a megabyte what would be gigabytes is not unpacked', () => {
    const bomb = Buffer.alloc(100 * 2 ** 20);
    const many = Buffer.alloc(2 ** 20 - 1);
    const line = `${sha256(many)}\t${packed(many)}\n`;
    const base = [
      `bomb\t${sha256(bomb)}\t${packed(bomb)}\n`,
      ...Array.from({ length: 500 }, (_, index) => `many${index}\t${line}`),
    ];
    const { entries } = parseBase(base.join(''));
    const sizes = [...entries.values()].map(([each]) => each!.content?.length ?? 0);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(40 * 2 ** 20);
    expect(entries.get('bomb')).toEqual([{ hash: sha256(bomb), owned: false }]);
  });

  it('a base that gives two files one place leaves it to one of them', () => {
    const again = file('d.md', lines(20, { 1: 'd' }));
    sync(FILES[0]!, again);
    write('.projen/base', entry('a.md', lines(20), 'x.md') + entry('d.md', lines(20, { 1: 'd' }), 'x.md'));
    remove('a.md');
    remove('d.md');
    write('x.md', lines(20));
    const result = sync(NEW[0]!, again);
    expect(kinds(result)).toEqual({ 'x.md': 'update', 'd.md': 'gone' });
    expect(kinds(sync(NEW[0]!, again))).toEqual({ 'x.md': 'unchanged', 'd.md': 'gone' });
  });

  it('what a base says of where it comes from is not repeated to a terminal if it is not what it should be', () => {
    const base = '# conventions \u001b[2J, target terraform, create-quilt-mcp-deploy 1\n';
    expect(parseBase(base).origin).toBeUndefined();
  });
});

describe('a base with two lines for a file', () => {
  const [first, second] = [lines(20, { 3: 'first' }), lines(20, { 10: 'second' })];

  it.each([
    ['as git leaves it where it joins both', (a: string, b: string) => a + b],
    ['between marks', (a: string, b: string) => `<<<<<<< HEAD\n${a}=======\n${b}>>>>>>> b\n`],
    [
      'between marks, with the ancestor',
      (a: string, b: string) => `<<<<<<< HEAD\n${a}||||||| 1\n${entry('a.md', lines(20))}=======\n${b}>>>>>>> b\n`,
    ],
    ['with other ends of lines', (a: string, b: string) => (a + b).replaceAll('\n', '\r\n')],
  ])('a base with two lines for a file, %s, is resolved by what the file is most like', (_, join) => {
    for (const [a, b] of [
      [first, second],
      [second, first],
    ] as const) {
      // What was generated on one side is no edit of the owner's, whichever line comes first.
      write('.projen/base', join(entry('a.md', a), entry('a.md', b)));
      write('a.md', second);
      expect(kinds(sync(file('a.md', lines(20, { 19: 'new' }))))).toEqual({ 'a.md': 'update' });
      expect(read('a.md')).toBe(lines(20, { 19: 'new' }));
      // And an edit stays one.
      write('.projen/base', join(entry('a.md', a), entry('a.md', b)));
      write('a.md', lines(20, { 0: 'mine', 10: 'second' }));
      expect(kinds(sync(file('a.md', lines(20, { 19: 'new' }))))).toEqual({ 'a.md': 'merge' });
      expect(read('a.md')).toBe(lines(20, { 0: 'mine', 19: 'new' }));
    }
  });

  it('a base with two lines for a file, of which one was ejected, keeps what its owner has', () => {
    write('.projen/base', `${entry('a.md', first)}a.md\t${hash(first)}\t-\n`);
    write('a.md', lines(20, { 0: 'mine' }));
    expect(kinds(sync(file('a.md', lines(20), 'owned')))).toEqual({ 'a.md': 'yours' });
    expect(read('.projen/base')).toMatch(/^a\.md\t[0-9a-f]{64}\t-$/m);
  });
});

describe('books that are not what they should be', () => {
  it.each([
    ['.projen', 'a symbolic link', () => link('.projen', outside())],
    ['.projen', 'a link to nowhere', () => link('.projen', '../nowhere')],
    ['.projen', 'a file', () => write('.projen', 'mine')],
    ['.projen/base', 'a folder', () => write('.projen/base/x', 'mine')],
    ['.projen/base', 'a symbolic link', () => link('.projen/base', join(outside(), 'base'))],
    ['.projen/sync', 'a symbolic link', () => link('.projen/sync', join(outside(), 'sync'))],
    ['.projen/sync', 'a link to nowhere', () => link('.projen/sync', '../nowhere')],
    ['.projen/sync', 'a file', () => write('.projen/sync', 'mine')],
  ])('books that are wrong (%s is %s) are refused by their name, and nothing is written', (name, _, put) => {
    put();
    const before = readTree(root());
    expectForeignUntouched(() => {
      let error: unknown;
      try {
        sync(...NEW);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(Unwritable);
      expect((error as Error).message).toMatch(
        new RegExp(`^${name.replace('.', '\\.')}\\S* must be a (file|folder): `),
      );
    });
    expect(differences(before, readTree(root()), true)).toEqual([]);
  });

  it('a link in place of what the process of a sync leaves is removed, and not followed', () => {
    sync(...FILES);
    link('.projen/sync-999999999', join(outside(), 'sync'));
    link(`.projen/sync-${process.pid}`, join(outside(), 'sync'));
    expectForeignUntouched(() => sync(...NEW));
    expect(existsSync(path(`.projen/sync-${process.pid}`))).toBe(false);
  });
});

describe('a journal that says what it should not', () => {
  const operation = (name: string, before: string | undefined, after: string | undefined) => ({
    path: name,
    ...(before === undefined ? {} : { before: hash(before) }),
    ...(after === undefined ? {} : { after: hash(after) }),
  });
  const put = (journal: unknown, saved: readonly (string | undefined)[] = []) => {
    rmSync(path('.projen/sync'), { recursive: true, force: true });
    write('.projen/sync/journal.json', typeof journal === 'string' ? journal : JSON.stringify(journal));
    saved.forEach((content, index) => {
      if (content !== undefined) write(`.projen/sync/${index}.old`, content);
    });
  };

  it.each(['../outside/mine', '/etc/hostname', '.git/config', 'link/mine', 'link/sync/empty/x', 'link'])(
    '%s in a journal is never written to, nor deleted',
    (name) => {
      link('link', outside());
      sync(...FILES);
      for (const was of [undefined, 'was']) {
        for (const is of [undefined, 'mine', 'config']) {
          put([operation(name, was, is)], [was]);
          expectForeignUntouched(() => repairTree(root()));
          expect(existsSync(path('.projen/sync'))).toBe(false);
        }
      }
      expect(existsSync('/etc/hostname')).toBe(true);
    },
  );

  it.each([
    ['is empty', ''],
    ['is cut off', '[{"path":"a.md","bef'],
    ['is no list', '{}'],
    ['is nothing', 'null'],
    ['has another shape', '[{"path":"a.md","before":"it is a folder","after":1}]'],
    ['has more than it should', `[{"path":"a.md","after":"${hash(lines(20))}","staged":"../../../outside/mine"}]`],
  ])('a journal that %s is dropped', (_, journal) => {
    sync(...FILES);
    const before = readTree(root());
    put(journal);
    expect(repairTree(root())).toBeUndefined();
    expect(differences(before, readTree(root()), true)).toEqual([]);
  });

  it('a journal of a copy that is not what it should be leaves the file', () => {
    sync(...FILES);
    const before = readTree(root());
    put([operation('a.md', 'was', lines(20)), operation('c.md', 'was', lines(20, { 0: 'c' }))], ['other']);
    link('.projen/sync/1.old', join(outside(), 'mine'));
    expect(repairTree(root())).toEqual({ left: ['a.md', 'c.md'] });
    expect(differences(before, readTree(root()), true)).toEqual([]);
  });

  it('a journal of a process whose id says nothing is taken over', () => {
    sync(...FILES);
    for (const owner of ['owner-0', 'owner-1', 'owner-999999999', 'owner-99999999999999999999']) {
      put([operation('a.md', 'was', lines(20))], ['was']);
      write(`.projen/sync/${owner}`, '');
      expect(repairTree(root()), owner).toEqual({ left: [] });
      expect(read('a.md')).toBe('was');
      write('a.md', lines(20));
    }
  });
});

describe('npx projen', () => {
  const PROJECT = resolve(__dirname, '../../src/index.ts');
  const TSX = require.resolve('tsx');
  const run = () => {
    write(
      'rc.cjs',
      `require(${JSON.stringify(PROJECT)}).QuiltMcpDeployProject.fromAnswers('mcp-deploy.json').synth();\n`,
    );
    const child = spawnSync(process.execPath, ['--import', TSX, 'rc.cjs'], { cwd: root(), encoding: 'utf8' });
    return { code: child.status, output: child.stdout + child.stderr };
  };

  it('npx projen says in words what is in its way, and how an interrupted run was taken back', () => {
    write('mcp-deploy.json', JSON.stringify(exampleAnswers()));
    expect(run()).toMatchObject({ code: 0 });
    const answers = read('mcp-deploy.json');

    // An upgrade was killed after it had written the answers.
    write('.projen/sync/0.old', answers);
    write('mcp-deploy.json', 'new');
    write(
      '.projen/sync/journal.json',
      JSON.stringify([{ path: 'mcp-deploy.json', before: hash(answers), after: hash('new') }]),
    );
    const repaired = run();
    expect(repaired).toMatchObject({ code: 0 });
    expect(repaired.output).toMatch(/^An earlier run was interrupted; its changes were taken back\.\n0 created, /);
    expect(read('mcp-deploy.json')).toBe(answers);

    remove('.projen');
    link('.projen', outside());
    expectForeignUntouched(() => {
      const refused = run();
      expect(refused.code).toBe(1);
      expect(refused.output).toMatch(/^✗ \.projen\S* must be a file: \.projen is a symbolic link/);
      expect(refused.output).not.toMatch(/^\s+at /m);
    });
  });
});
