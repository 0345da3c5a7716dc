import { cpSync, lstatSync, realpathSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

import { applyPreview, type SyncResult } from '../project/sync';
import { withTemporaryFolder } from './temporary';

/** What no command needs that looks at the copy: git's own, what Terraform knows of a root, and what the CDK made. */
const LEFT_OUT = /(^|\/)(\.git|\.terraform\/(?!providers(\/|$))[^/]+|cdk\.out)$/;

/** What is large and only read: packages, and the providers of a root, each below HOST/NAMESPACE/NAME/VERSION/PLATFORM. */
const LINKED = /(^|\/)(node_modules|\.terraform\/providers(\/[^/]+){5})$/;

/**
 * Does something with a copy of a repository as an upgrade would make it; it is gone afterwards. The repository itself
 * stays as it is.
 *
 * @param preview what the upgrade would do
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
