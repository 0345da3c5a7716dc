import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Engine } from './engines';

/** Runs buildah, a builder that needs no daemon, with a store of its own; throws with its error stream where it fails. */
export function buildahIn(folder: string): (...args: string[]) => string {
  const store = ['--root', join(folder, 'store'), '--runroot', join(folder, 'run')];
  const env = { ...process.env, STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot' };
  return (...args) => {
    const { status, stdout, stderr, error } = spawnSync('buildah', [...store, ...args], { encoding: 'utf8', env });
    if (status !== 0) throw new Error(`buildah ${args.join(' ')}: ${error?.message ?? stderr}`);
    return stdout;
  };
}

/** buildah, and the right to use it: that it is installed is not enough, for it must run as root. */
export const BUILDER: Engine = {
  name: 'the builder of images (buildah, as root)',
  prepare: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'builder-'));
    try {
      const buildah = buildahIn(folder);
      buildah('rm', buildah('from', 'scratch').trim());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
