import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

import type { WantedFile } from '../project/changes';
import type { OwnPackage } from '../project/package-root';

/** Files that npm publishes whether `files` names them or not. */
const ALWAYS = ['package.json', 'README.md', 'LICENSE'];

/** An emitted repository's dependency on this package. */
export interface GeneratorDependency {
  /** As package.json writes it. */
  readonly specifier: string;
  /** The package itself, to be kept within the repository; absent for a release, which npm has. */
  readonly vendored?: WantedFile;
}

/**
 * A release is pinned by its exact version. Version 0.0.0 was never released: then the running package's folder is
 * packed into the repository. A hash of its content is part of the file's name, as npm keeps an installed package if
 * the name is the same.
 */
export async function generatorDependency(own: OwnPackage): Promise<GeneratorDependency> {
  if (own.version !== '0.0.0') {
    return { specifier: own.version };
  }
  const tar = await packFolder(own);
  return packagedDependency(`${own.name}-${own.version}`, gzipSync(tar, { level: 1 }), tar);
}

/**
 * A package that is kept within the repository.
 *
 * @param name prefix of the file's name
 * @param content as npm packs it
 * @param identity content that the hash in the file's name is of
 */
export function packagedDependency(name: string, content: Buffer, identity: Buffer = content): GeneratorDependency {
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 8);
  const path = `vendor/${name}-${hash}.tgz`;
  // Outside of the base: a sync does not render it, and must not take it away.
  return { specifier: `file:${path}`, vendored: { path, content, executable: false, ownership: 'internal' } };
}

/**
 * The package as a tar archive, the same bytes for the same content.
 *
 * @throws Error if a command of the package is not built
 */
async function packFolder({ root, files, bin }: OwnPackage): Promise<Buffer> {
  const archive = pack();
  const names = [...new Set([...ALWAYS, ...files])].flatMap((entry) => listFiles(root, entry)).sort();
  const missing = Object.values(bin).filter((path) => !names.includes(path));
  if (missing.length > 0)
    throw new Error(`${root} has no ${missing.join(', ')}: build it first, with npx projen compile`);
  for (const name of names) {
    const mode = statSync(join(root, name)).mode & 0o100 ? 0o755 : 0o644;
    archive.entry({ name: `package/${name}`, mode, mtime: new Date(0) }, readFileSync(join(root, name)));
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function listFiles(root: string, entry: string): string[] {
  const status = statSync(join(root, entry), { throwIfNoEntry: false });
  if (!status) {
    return [];
  }
  return status.isDirectory()
    ? readdirSync(join(root, entry)).flatMap((name) => listFiles(root, `${entry}/${name}`))
    : [entry];
}
