import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { editMember } from '../../../src/config/edit';
import { exampleAnswers } from '../../../src/config/example';
import type { Answers } from '../../../src/config/repository';
import { LATEST } from '../../../src/conventions';
import { formatKept, type KeptKeys, mergePackageJson, parseKept } from '../../../src/project/package-json';
import { QuiltMcpDeployProject } from '../../../src/project/project';
import { needsOwner, newTree, reportSync, type SyncResult } from '../../../src/project/sync';
import { createTree } from '../../../src/project/writer';
import { runs } from '../../support/level';

const KEPT: KeptKeys = {
  scripts: { projen: 'projen', test: 'projen test', deploy: 'projen deploy' },
  devDependencies: { constructs: '1.0.0', projen: '1.0.0', typescript: '5.0.0' },
};
const YIELDING = ['typescript'];
const merge = (current: string, made: readonly Partial<KeptKeys>[] = [], kept = KEPT) =>
  mergePackageJson(current, {}, kept, YIELDING, made);
const json = (value: unknown) => JSON.stringify(value, undefined, 2);

describe('package.json', () => {
  it("package.json keeps its owner's keys, order, numbers and layout", () => {
    const current = `{\r\n\t"license":"MIT", "big": 12345678901234567890,\r\n\t"one" : 1.0,\r\n\r\n\t"scripts": {\r\n\t\t"mine":"true",\r\n\t\t"test":  "projen test"\r\n\t},\r\n\t"files": [ "a","b" ]\r\n}`;
    const { text, reason } = merge(current);
    expect(reason).toBeUndefined();
    expect(text).toBe(
      current
        .replace(
          '"projen test"\r\n',
          '"projen test",\r\n\t\t"projen":  "projen",\r\n\t\t"deploy":  "projen deploy"\r\n',
        )
        .replace(
          '"b" ]',
          '"b" ],\r\n\t"devDependencies": {\r\n\t\t"constructs": "1.0.0",\r\n\t\t"projen": "1.0.0",\r\n\t\t"typescript": "5.0.0"\r\n\t}',
        ),
    );
    expect(merge(text, [KEPT])).toEqual({ text });
  });

  it('package.json on one line stays on one, and is still read after a byte order mark', () => {
    expect(merge('\uFEFF{"a":1,"scripts":{}}').text).toBe(
      '\uFEFF{"a":1,"scripts":{"projen":"projen","test":"projen test","deploy":"projen deploy"},' +
        '"devDependencies":{"constructs":"1.0.0","projen":"1.0.0","typescript":"5.0.0"}}',
    );
    expect(JSON.parse(merge('{}').text)).toEqual(KEPT);
    expect(merge('{}\r\n').text).not.toMatch(/[^\r]\n/);
  });

  it('package.json loses the scripts of an environment that is gone, but none that its owner wrote or edited', () => {
    const own = { 'deploy:old': 'projen deploy:old', 'deploy:dev': 'projen deploy:dev' };
    const current = json({
      scripts: { ...own, 'deploy:dev': 'projen deploy:dev && say done', lint: 'projen lint', ...KEPT.scripts },
      devDependencies: KEPT.devDependencies,
    });
    const { text, reason } = merge(current, [{ ...KEPT, scripts: { ...KEPT.scripts, ...own } }]);
    expect(text).toBe(current.replace('    "deploy:old": "projen deploy:old",\n', ''));
    expect(reason).toBeUndefined();
    expect(merge(current).text, 'where nothing is known of the last run').toBe(current);
  });

  it('a merge of package.json says so if a script is made what it was', () => {
    const current = json({ ...KEPT, scripts: { ...KEPT.scripts, test: 'projen test && npm run mine' } });
    for (const made of [[], [KEPT]]) {
      expect(merge(current, made)).toEqual({
        text: json(KEPT),
        reason: "its script test is the generator's again; name yours otherwise",
      });
    }
    expect(merge(json({ ...KEPT, scripts: {} }), [KEPT]).reason).toMatch(/^its scripts projen, test, deploy are the/);
  });

  it('package.json follows the versions of the generator, and keeps one that its owner set, if that is known', () => {
    const news = { ...KEPT, devDependencies: { constructs: '2.0.0', projen: '1.0.0', typescript: '5.1.0' } };
    expect(merge(json(KEPT), [KEPT], news)).toEqual({ text: json(news) });
    const raised = json({ ...KEPT, devDependencies: { ...KEPT.devDependencies, typescript: '6.0.0' } });
    expect(merge(raised, [KEPT])).toEqual({ text: raised });
    expect(merge(raised, [KEPT], news).text).toBe(raised.replace('"constructs": "1.0.0"', '"constructs": "2.0.0"'));
    expect(merge(raised)).toEqual({
      text: json(KEPT),
      reason: "its version of typescript is the generator's again",
    });
    expect(merge(raised.replace('"projen": "1.0.0"', '"projen": "^1.0.0"'), [KEPT])).toEqual({
      text: raised,
      reason: "its version of projen is the generator's again",
    });
  });

  it('a merge of package.json takes of a key that stands twice the one that counts', () => {
    const current = `{"scripts":{"test":"a"},"scripts":{"test":"b","test":"c"}}`;
    const { text } = merge(current);
    expect(JSON.parse(text)).toMatchObject({ scripts: KEPT.scripts });
    expect(merge(text).text).toBe(text);
    expect(editMember('{ "a": 1, "b": 2, "a": 3 }', ['a'], undefined)).toBe('{ "b": 2 }');
  });

  it.each(['', '{', '[]', '{ "scripts": "x" }', '{ "devDependencies": [] }'])('a manifest %j is refused', (current) => {
    expect(() => merge(current)).toThrow(/^package\.json: 1 problem, nothing written/);
  });

  it('what was made of package.json is known from the base, as far as that can be read', () => {
    const entry = (content: string) => ({ hash: '', owned: false, content: Buffer.from(content) });
    expect(parseKept([entry(formatKept(KEPT)), entry('{'), { hash: '', owned: true }])).toEqual([KEPT]);
    expect(parseKept()).toEqual([]);
    // Where git joined the bases of two branches, either may have written it.
    const other = { ...KEPT, devDependencies: { ...KEPT.devDependencies, projen: '0.9.0' } };
    const both = parseKept([entry(formatKept(KEPT)), entry(formatKept(other))]);
    expect(merge(json(other), both)).toEqual({ text: json(KEPT) });
  });
});

/** A JSON value as its owner may have laid it out. */
function layOut(value: unknown, gap: string, colon: string, line = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (RAW in value) return String(value[RAW as keyof typeof value]);
  const inside = gap === '' ? '' : `${line || '\n'}${gap}`;
  const members = Object.entries(value).map(
    ([key, inner]) => `${inside}${JSON.stringify(key)}${colon}${layOut(inner, gap, colon, inside)}`,
  );
  return members.length === 0 ? '{}' : `{${members.join(',')}${inside && (line || '\n')}}`;
}
const RAW = 'a number, as it is written';

describe('a package.json of any content', () => {
  const names = fc.constantFrom(
    ...Object.keys(KEPT.scripts),
    ...Object.keys(KEPT.devDependencies),
    ...['lint', 'old', 'constructor', '__proto__', 'toString', 'a"b', ''],
  );
  const commands = names.chain((name) => fc.constantFrom(`projen ${name}`, name, '1.0.0', '5.0.0', '^1', 'mine'));
  const section = fc.array(fc.tuple(names, commands), { maxLength: 6 }).map((pairs) => Object.fromEntries(pairs));
  const numbers = fc.constantFrom('12345678901234567890', '1.0', '1e3', '-0', '0.10').map((text) => ({ [RAW]: text }));
  const owners = fc.dictionary(fc.constantFrom('name', 'license', 'x', '1', 'constructor'), fc.oneof(numbers, section));
  const manifests = fc
    .tuple(owners, fc.option(section), fc.option(section), fc.boolean())
    .map(([rest, scripts, devDependencies, isFirst]) => ({
      ...(isFirst ? {} : rest),
      ...(scripts && { scripts }),
      ...(devDependencies && { devDependencies }),
      ...rest,
    }));
  const texts = fc
    .tuple(
      manifests,
      fc.constantFrom('', ' ', '  ', '    ', '\t'),
      fc.constantFrom(':', ': ', ' : '),
      fc.constantFrom('', '\n'),
    )
    .map(([manifest, gap, colon, end]) => layOut(manifest, gap, colon) + end);
  const madeBefore = fc.array(fc.record({ scripts: section, devDependencies: section }), { maxLength: 2 });

  it("a package.json of any content loses nothing of its owner's that is not named, and is done after once", () => {
    fc.assert(
      fc.property(texts, madeBefore, fc.constantFrom('\n', '\r\n'), (laidOut, made, eol) => {
        const current = laidOut.replaceAll('\n', eol);
        const { text, reason = '' } = merge(current, made);
        const [before, after] = [JSON.parse(current), JSON.parse(text)];
        for (const key of ['scripts', 'devDependencies'] as const) {
          for (const name of Object.keys(before[key] ?? {})) {
            const [yours, is] = [before[key][name], Object.hasOwn(after[key], name) ? after[key][name] : undefined];
            const isOurs = made.some((each) => Object.hasOwn(each[key], name) && each[key][name] === yours);
            const isKept = Object.hasOwn(KEPT[key], name);
            if (is === yours || (isOurs && (isKept || key === 'scripts'))) continue;
            expect(isKept && named(reason, key).includes(name), `${key} ${name}: ${yours}, then ${is}`).toBe(true);
          }
          for (const [name, value] of Object.entries(KEPT[key])) {
            const yields = key === 'devDependencies' && YIELDING.includes(name) && made.length > 0;
            expect(after[key][name] === value || (yields && Object.hasOwn(before[key] ?? {}, name))).toBe(true);
          }
        }
        expect(linesBeside(text), 'what lies beside the two').toEqual(linesBeside(current));
        expect(text.includes('\n') && !/[^\r]\n/.test(text)).toBe(text.includes('\r\n'));
        const again = merge(text, [KEPT]);
        expect(again).toEqual({ text });
      }),
      { numRuns: runs(500) },
    );
  });

  /** The names that a report has of a section. */
  function named(reason: string, key: keyof KeptKeys): string[] {
    const pattern = key === 'scripts' ? /its scripts? (.*?) (?:is|are) the/ : /versions? of (.*?) (?:is|are) the/;
    return pattern.exec(reason)?.[1]?.split(', ') ?? [];
  }

  /** The text of every other key, as it is written; the space around and between is what its neighbours have. */
  function linesBeside(text: string): string[] {
    const without = ['scripts', 'devDependencies'].reduce((left, key) => editMember(left, [key], undefined), text);
    return without === '{}' || /^\{\s*\}\s*$/.test(without) ? [] : [without.trimEnd()];
  }
});

describe('a sync of package.json', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'manifest-'));
    rmSync(root, { recursive: true });
    createTree(root, newTree(project().syncOptions()));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const read = () => readFileSync(join(root, 'package.json'), 'utf8');
  const edit = (change: (text: string) => string) => writeFileSync(join(root, 'package.json'), change(read()));
  const project = (addTasks: readonly string[] = [], change = (answers: Answers) => answers) => {
    const made = new QuiltMcpDeployProject({
      answers: change(exampleAnswers(LATEST, 'cdk')),
      repositoryRoot: root,
      generator: '1.2.3',
    });
    for (const name of addTasks) made.addTask(name);
    return made;
  };
  const line = (result: SyncResult) => reportSync(result).filter((each) => /package\.json|tasks\.json/.test(each));

  it('a sync of package.json leaves the script of a task that the owner added', () => {
    edit((text) => text.replace('"scripts": {', '"scripts": {\n    "lint": "projen lint",'));
    const before = read();
    for (const _ of [1, 2]) {
      expect(line(project(['lint']).bringUpToDate())).toEqual([]);
      expect(read()).toBe(before);
    }
  });

  it('a sync of package.json takes the scripts of an environment that is gone, and says that it wrote', () => {
    const name = Object.keys(exampleAnswers(LATEST, 'cdk').environments).at(-1)!;
    const remove = (answers: Answers): Answers => {
      const { [name]: _gone, ...environments } = answers.environments;
      return { ...answers, environments } as Answers;
    };
    expect(read()).toContain(`projen deploy:${name}`);
    expect(line(project([], remove).bringUpToDate())).toEqual(['  updated  package.json']);
    expect(read()).not.toContain(`:${name}"`);
    expect(line(project([], remove).bringUpToDate())).toEqual([]);
  });

  it('a sync of package.json says which script it takes back', () => {
    const before = read();
    edit((text) => text.replace('"projen test"', '"projen test && npm run mine"'));
    expect(line(project().bringUpToDate())).toEqual([
      "  updated  package.json: its script test is the generator's again; name yours otherwise",
    ]);
    expect(read()).toBe(before);
    expect(line(project().bringUpToDate())).toEqual([]);
  });

  it('a sync of package.json keeps a version that the owner raised, and says so if it cannot know of it', () => {
    const before = read();
    edit((text) => text.replace(/"typescript": ".*"/, '"typescript": "^99.0.0"'));
    const raised = read();
    for (const _ of [1, 2]) {
      expect(line(project().bringUpToDate())).toEqual([]);
      expect(read()).toBe(raised);
    }
    rmSync(join(root, '.projen/base'));
    expect(line(project().bringUpToDate())).toEqual([
      "  updated  package.json: its version of typescript is the generator's again",
    ]);
    expect(read()).toBe(before);
  });

  it.each(['package.json', '.projen/tasks.json'])('a sync writes to no link in place of %s, and says so', (path) => {
    const text = readFileSync(join(root, path));
    rmSync(join(root, path));
    writeFileSync(join(root, 'other.json'), text);
    symlinkSync(join(root, 'other.json'), join(root, path));
    const result = project().bringUpToDate();
    expect(needsOwner(result)).toBe(true);
    expect(line(result)).toEqual([
      `  left     ${path}: it is a symbolic link to ${root}/other.json, and that is never written to: put a plain file there`,
    ]);
  });
});
