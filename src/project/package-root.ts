import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { EXIT, ExitError } from '../exit';

const NAME = 'create-quilt-mcp-deploy';

/** This package's own manifest, as far as it is read. */
export interface OwnPackage {
  /** Folder of its package.json. */
  readonly root: string;
  readonly name: string;
  /** `0.0.0` means that it was never released. */
  readonly version: string;
  /** Published files and folders, beside those that npm always includes. */
  readonly files: readonly string[];
  /** Paths of its commands from `root`, by their names. */
  readonly bin: Readonly<Record<string, string>>;
  /** Versions that an emitted repository pins. */
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The package that this code is part of, whether it runs bundled, compiled or from source. */
export function ownPackage(): OwnPackage {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    const content = existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')) as OwnPackage) : undefined;
    if (content?.name === NAME) {
      return { ...content, root: folder };
    }
    if (folder === dirname(folder)) {
      throw new Error(`${NAME} cannot find its own package.json above ${__dirname}`);
    }
  }
}

/** Path of this package's command. */
export function ownCommand(): string {
  const { root, name, bin } = ownPackage();
  return join(root, bin[name]!);
}

/** A repository depends on another version of this package than the one that runs. */
export class OtherGenerator extends ExitError {
  readonly exitCode = EXIT.wrongInput;
}
