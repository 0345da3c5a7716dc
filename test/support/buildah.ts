import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

/** Why no image can be built here, or undefined. That it is installed is not enough: it wants to be root. */
export function whyNoBuilder(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'builder-'));
  try {
    const buildah = buildahIn(folder);
    buildah('rm', buildah('from', 'scratch').trim());
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
