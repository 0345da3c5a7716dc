import { cpSync, lstatSync, realpathSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

import { applyPreview, type SyncResult } from '../project/sync';
import { withTemporaryFolder } from './temporary';

/** Files that no command in the copy needs: git's own, Terraform's working data of a root, and the CDK's output. */
const LEFT_OUT = /(^|\/)(\.git|\.terraform\/(?!providers(\/|$))[^/]+|cdk\.out)$/;

/** Large read-only folders: packages, and the providers of a root, each below HOST/NAMESPACE/NAME/VERSION/PLATFORM. */
const LINKED = /(^|\/)(node_modules|\.terraform\/providers(\/[^/]+){5})$/;

/**
 * Makes a copy of a repository with an upgrade applied, for a function, and removes it afterwards. The repository
 * itself stays as it is.
 *
 * @param preview changes of the upgrade
 * @param use called with the root of the copy
 */
export async function withUpgradedCopy<T>(
  root: string,
  preview: SyncResult,
  use: (copy: string) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder('plan', async (folder) => {
    const copy = join(folder, 'repository');
    cpSync(root, copy, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (from, to) => {
        const path = relative(root, from).replace(/\\/g, '/');
        if (LINKED.test(path)) {
          // Windows lets anybody make a junction, and a symbolic link only some.
          symlinkSync(realpathSync(from), to, 'junction');
          return false;
        }
        return !LEFT_OUT.test(path) && isCopied(from);
      },
    });
    applyPreview(copy, preview);
    return use(copy);
  });
}

function isCopied(path: string): boolean {
  const status = lstatSync(path);
  return status.isDirectory() || status.isFile() || status.isSymbolicLink();
}
