import { describe, expect, it } from 'vitest';
import { TARGETS } from '../../src/config/repository';
import { LATEST } from '../../src/conventions';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import type { WantedFile } from '../../src/project/changes';
import { syncTree } from '../../src/project/sync';
import { resourcesOf } from '../../src/resources/resources';
import { REGISTRY_VARIABLE } from '../support/newest';
import { compareLines, toLines } from './differences';
import { languageOf, parses } from './languages';
import { answersOf, render, type Setting, syncOptions } from './renderings';
import { scratch } from './scratch';

const { root, read, write } = scratch();

/** What upgrades begin with: a host and a guard that are given up in the end. */
const BEGIN = { generation: LATEST.id, environments: ['production'], options: ['domain', 'origins'] } as const;
/** What is invented, one after the other; conventions cannot take a resource away, so that answers do it. */
const STEPS: readonly { readonly what: string; readonly to: Partial<Setting> }[] = [
  { what: 'a renamed variable and a new secret', to: { generation: 'g8a' } },
  { what: 'another path, another port and another module', to: { generation: 'g8b' } },
  { what: 'resources that are removed', to: { options: ['forward'] } },
];
/** What an upgrade to each brings to the files of the deployment and of the image, and what it takes from there. */
const NEWS: Readonly<Record<string, { readonly come: readonly string[]; readonly gone: readonly string[] }>> = {
  g8a: { come: ['QUILT_PLATFORM_URL', 'SIGNING_KEY'], gone: [REGISTRY_VARIABLE] },
  g8b: { come: ['/quilt', ':9000/', 'quilt.server'], gone: [':8000/', 'quilt_mcp.main'] },
};
const REMOVED = ['aliasRecord', 'allowedOriginRule1', 'certificate', 'listenerCertificate', 'otherOriginRule'];

/** A text with a comment of its owner's beside each place that is to be changed, where another one is not too near. */
function editBeside(path: string, before: string, after: string): string {
  const places = compareLines(before, after).map(({ buffer1: [start, count] }) => [start, start + count] as const);
  const own = new Set(
    places
      .flatMap(([start, end]) => [start - 1, end + 1])
      .filter((own) => own > 0 && !places.some(([start, end]) => start <= own && own <= end)),
  );
  const lines = toLines(before);
  return lines.flatMap((line, index) => (own.has(index) ? [`${comment(path)}\n`, line] : [line])).join('');
}

function comment(path: string): string {
  return languageOf(path).comment?.('ours') ?? 'ours';
}

describe.each(TARGETS)('an upgrade to what is invented, with %s,', (target) => {
  it(`an upgrade to what is invented, with ${target}, changes each place, and keeps the edits beside it`, async () => {
    let setting: Setting = { target, ...BEGIN };
    const sync = (files: readonly WantedFile[]) => syncTree(syncOptions(root(), setting, files)).changes;
    sync(render(setting));
    for (const { what, to } of STEPS) {
      const [before, after] = [render(setting), render({ ...setting, ...to })];
      const old = new Map(before.map(({ path, content }) => [path, content.toString()]));
      const changed = after.filter(({ path, ownership, content }) => {
        return ownership === 'merged' && old.has(path) && old.get(path) !== content.toString();
      });
      for (const { path, content } of changed) write(path, editBeside(path, old.get(path)!, content.toString()));
      setting = { ...setting, ...to };
      const kinds = new Map(sync(after).map(({ path, kind }) => [path, kind]));
      for (const { path, content, ownership } of after) {
        const about = `${what}: ${path}`;
        const isEdited = changed.some((file) => file.path === path);
        if (isEdited) expect(kinds.get(path), about).toBe('merge');
        else expect(['create', 'update', 'unchanged', 'yours'], about).toContain(kinds.get(path));
        if (ownership === 'owned') continue;
        const lines = toLines(read(path));
        expect(lines.filter((line) => line !== `${comment(path)}\n`).join(''), about).toBe(content.toString());
        expect(lines.length > toLines(content.toString()).length, about).toBe(isEdited);
        expect(await parses(path, Buffer.from(read(path))), about).toBe(true);
        write(path, content);
      }
      const text = after
        .filter(({ path }) => /^(deploy|docker)\//.test(path) && !path.endsWith('.md'))
        .map(({ content }) => content.toString())
        .join('\n');
      const { come = [], gone = [] } = NEWS[to.generation ?? ''] ?? {};
      expect(
        [...come, ...gone].filter((word) => text.includes(word)),
        what,
      ).toEqual(come);
    }
    const ids = (options: Setting['options']) =>
      resourcesOf(resolveDeployment(readConfig(answersOf({ ...setting, options }), 'the test'))).map(({ id }) => id);
    expect(ids(BEGIN.options)).toEqual(expect.arrayContaining(REMOVED));
    expect(ids(setting.options).filter((id) => REMOVED.includes(id))).toEqual([]);
  });
});
