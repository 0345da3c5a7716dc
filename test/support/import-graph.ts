import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import ts from 'typescript';

/** Which files import which: paths from a root, with `/` between folders. Imports of types, and those that wait, count. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** The imports among all TypeScript files below some folders. Packages are left out. */
export function readImportGraph(root: string, folders: readonly string[]): ImportGraph {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.m?ts$/.test(path))
      .map((path) => posix.join(folder, path.replaceAll('\\', '/'))),
  );
  return new Map(
    files.map((file) => {
      // The third argument finds calls of require, too.
      const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), 'utf8'), true, true);
      const local = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'));
      return [file, [...new Set(local.map((name) => resolve(root, file, name)))]];
    }),
  );
}

function resolve(root: string, from: string, name: string): string {
  const base = join(root, dirname(from), name).replace(/\.js$/, '');
  const found = ['.ts', '.d.ts', '/index.ts', ''].map((end) => `${base}${end}`).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${from} imports ${name}, which is not there`);
  return relative(root, found).replaceAll('\\', '/');
}

/** The circles of a graph: each a shortest way from a file back to itself. Files that are in several are in one of them. */
export function circles(graph: ImportGraph): string[][] {
  const seen = new Set<string>();
  const found: string[][] = [];
  for (const file of graph.keys()) {
    if (seen.has(file)) continue;
    const circle = wayBack(graph, file);
    for (const one of circle) seen.add(one);
    if (circle.length > 0) found.push([...circle, file]);
  }
  return found;
}

/** A shortest way from a file back to itself, without its end; empty if there is none. */
function wayBack(graph: ImportGraph, start: string): string[] {
  const before = new Map<string, string>();
  const queue = [start];
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) {
        const way = [file];
        while (way[0] !== start) way.unshift(before.get(way[0]!)!);
        return way;
      }
      if (!before.has(next)) {
        before.set(next, file);
        queue.push(next);
      }
    }
  }
  return [];
}
