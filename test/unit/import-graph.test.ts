import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { circles, type ImportGraph, readImportGraph } from '../support/import-graph';

const GRAPH = readImportGraph(join(__dirname, '../..'), ['src', 'generators', 'scripts']);

/** What each part may import from others, as docs/architecture.md says: data flows one way. All may import what is in {@link OF_ALL}. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/exit.ts': [],
  'src/discovery/calls.ts': [],
  'src/conventions': [],
  'src/config': ['src/conventions'],
  'src/model': ['src/conventions', 'src/config'],
  'src/discovery': ['src/conventions', 'src/config', 'src/model'],
  'src/resources': ['src/conventions', 'src/config', 'src/model'],
  'src/cost': ['src/model', 'src/resources'],
  'src/operations': ['src/conventions', 'src/config', 'src/model', 'src/discovery', 'src/resources', 'src/cost'],
  generators: ['src/conventions', 'src/config', 'src/model', 'src/resources', 'src/cost', 'src/operations'],
  'src/rehearsal': ['src/config', 'src/discovery'],
  'src/interview': ['src/conventions', 'src/config', 'src/model'],
  'src/project': ['src/conventions', 'src/config', 'src/model', 'src/resources', 'src/operations', 'generators'],
  'src/upgrade': ['src/conventions', 'src/config', 'src/model', 'src/resources', 'generators'],
  'src/analysis': ['src/conventions', 'src/config', 'src/model', 'src/discovery', 'generators'],
  'src/cli': [
    'src/analysis',
    'src/conventions',
    'src/config',
    'src/model',
    'src/discovery',
    'src/resources',
    'src/cost',
    'src/operations',
    'generators',
    'src/interview',
    'src/project',
    'src/upgrade',
  ],
  'src/index.ts': ['src/config', 'src/model', 'src/project'],
  scripts: ['src/conventions', 'src/config', 'src/project', 'generators', 'test'],
};

/** Files that import nothing: errors, and the table of calls, by which an account is read and roles get their permissions. */
const OF_ALL = ['src/exit.ts', 'src/discovery/calls.ts'];

function partOf(file: string): string {
  if (OF_ALL.includes(file)) return file;
  const [first, second] = file.split('/');
  return first === 'src' ? `${first}/${second}` : first!;
}

/** Imports that lead against the direction. */
function against(graph: ImportGraph): string[] {
  return [...graph].flatMap(([file, imported]) =>
    imported
      .filter((other) => partOf(other) !== partOf(file) && !OF_ALL.includes(other))
      .filter((other) => !MAY_IMPORT[partOf(file)]?.includes(partOf(other)))
      .map((other) => `${file} imports ${other}`),
  );
}

describe('the imports', () => {
  it('the imports of src, generators and scripts lead in no circle, those of types and those that wait included', () => {
    expect(GRAPH.size).toBeGreaterThan(200);
    expect(circles(GRAPH).map((circle) => circle.join(' → '))).toEqual([]);
  });

  it('the imports lead from the edge to the answers, and never back', () => {
    expect(against(GRAPH)).toEqual([]);
  });

  it('the imports of every part are known', () => {
    expect([...new Set([...GRAPH.keys()].map(partOf))].filter((part) => !MAY_IMPORT[part])).toEqual([]);
  });

  it('the imports of types, and those that wait, are seen', () => {
    expect(GRAPH.get('src/cli/job.ts')).toContain('src/cli/console.ts'); // a type
    expect(GRAPH.get('src/cli/commands/sync.ts')).toContain('src/cli/sync.ts'); // await import(…)
    expect(GRAPH.get('src/interview/prompter.ts')).toContain('src/interview/prompt.ts'); // export … from
  });

  it.each<[string, Record<string, string[]>, string[][]]>([
    ['of one file', { a: ['a'] }, [['a', 'a']]],
    ['of three, behind a tail', { t: ['a'], a: ['b'], b: ['c'], c: ['a'] }, [['a', 'b', 'c', 'a']]],
    ['of none', { a: ['b', 'c'], b: ['c'], c: [] }, []],
  ])('the imports that lead in a circle %s are found', (_, imports, expected) => {
    expect(circles(new Map(Object.entries(imports)))).toEqual(expected);
  });

  it('the imports that lead back are found', () => {
    const graph = new Map([['src/config/a.ts', ['src/model/b.ts', 'src/exit.ts', 'src/config/c.ts']]]);
    expect(against(graph)).toEqual(['src/config/a.ts imports src/model/b.ts']);
  });
});
