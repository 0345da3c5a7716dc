import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { putProgram } from '../put-program';
import { ociProgram } from '.';

/** Variables of the run that made an image. MADE is set by the workflow, the others by GitHub. */
export const PUBLISHING_RUN = {
  MADE: 'true',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/mcp',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_SHA: '1'.repeat(40),
  GITHUB_WORKFLOW_REF: 'acme/mcp/.github/workflows/publish-image.yml@refs/heads/main',
  GITHUB_RUN_ID: '7',
  GITHUB_RUN_ATTEMPT: '1',
};

/** Checks whether something is signed; throws with cosign's output if it is not. */
export type Verify = (...args: string[]) => string;

/**
 * Puts cosign into `bin` of a folder as a test can use it: the real one, with a key, for here nobody says who signs, and
 * without Sigstore's public log. All else is as the caller says.
 */
export function signWithKey(folder: string): Verify {
  const program = ociProgram('cosign');
  const cosign = (...args: string[]) => {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, COSIGN_PASSWORD: '' },
    });
    if (status !== 0) throw new Error(`cosign ${args.join(' ')}: ${error?.message ?? stderr}`);
    return stdout;
  };
  cosign('generate-key-pair');
  cosign('signing-config', 'create', '--out', 'no-services.json');
  putProgram(join(folder, 'bin/cosign'), 'cosign-with-key.bash', { COSIGN: program, KEYS: folder });
  return (command, ...args) => cosign(command!, '--key', 'cosign.pub', '--insecure-ignore-tlog', ...args);
}
