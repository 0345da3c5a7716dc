import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

import { LATEST } from '../../src/conventions';
import type { WantedFile } from '../../src/project/changes';
import { reportSync, type SyncOptions, type SyncResult, syncTree } from '../../src/project/sync';

/** A repository in a temporary folder, new for each test. Paths are from its root. */
export interface Scratch {
  root(): string;
  /** A folder that lies outside of the repository. */
  outside(): string;
  path(path: string): string;
  read(path: string): string;
  write(path: string, content: string | Buffer): void;
  /** Changes a text that stands there. */
  edit(path: string, change: (text: string) => string): void;
  move(from: string, to: string): void;
  remove(path: string): void;
  link(path: string, target: string): void;
  chmod(path: string, mode: number): void;
  options(files: readonly WantedFile[], more?: Partial<SyncOptions>): SyncOptions;
  sync(...files: WantedFile[]): SyncResult;
}

export function scratch(): Scratch {
  let parent = '';
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'scratch-'));
    mkdirSync(join(parent, 'repository'));
    mkdirSync(join(parent, 'outside'));
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));
  const self: Scratch = {
    root: () => join(parent, 'repository'),
    outside: () => join(parent, 'outside'),
    path: (path) => join(parent, 'repository', path),
    read: (path) => readFileSync(self.path(path), 'utf8'),
    write: (path, content) => {
      mkdirSync(dirname(self.path(path)), { recursive: true });
      writeFileSync(self.path(path), content);
    },
    edit: (path, change) => writeFileSync(self.path(path), change(self.read(path))),
    move: (from, to) => {
      mkdirSync(dirname(self.path(to)), { recursive: true });
      renameSync(self.path(from), self.path(to));
    },
    remove: (path) => rmSync(self.path(path), { recursive: true }),
    link: (path, target) => {
      mkdirSync(dirname(self.path(path)), { recursive: true });
      symlinkSync(target, self.path(path));
    },
    chmod: (path, mode) => chmodSync(self.path(path), mode),
    options: (files, more = {}) => ({
      root: self.root(),
      files,
      origin: { conventions: LATEST.id, target: 'terraform', generator: '1.0.0' },
      explain: () => () => 'upstream',
      ejected: [],
      ...more,
    }),
    sync: (...files) => syncTree(self.options(files)),
  };
  return self;
}

/** A generated file. */
export function file(path: string, content: string, ownership: WantedFile['ownership'] = 'merged'): WantedFile {
  return { path, content: Buffer.from(content), executable: false, ownership };
}

/** Lines that are told apart, one of them another than usual. */
export function lines(count: number, changes: Readonly<Record<number, string>> = {}): string {
  return Array.from({ length: count }, (_, index) => `${changes[index] ?? `line ${index}`}\n`).join('');
}

/** What a sync did to each file but the tool's own, by where it stands. */
export function kinds({ changes }: SyncResult): Record<string, string> {
  return Object.fromEntries(changes.filter(({ internal }) => !internal).map(({ path, kind }) => [path, kind]));
}

/** What its owner reads of a sync. */
export function report(result: SyncResult): string {
  return reportSync(result).join('\n');
}
