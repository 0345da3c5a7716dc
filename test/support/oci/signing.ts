import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ociProgram } from '.';

/** What tells whether something is signed; throws with what cosign said where it is not. */
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
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const script = join(folder, 'bin/cosign');
  const more = `--key '${folder}/cosign.key' --signing-config '${folder}/no-services.json'`;
  writeFileSync(
    script,
    `#!/bin/bash
export COSIGN_PASSWORD=
# Whoever verifies names an identity, which only a certificate has: here the key stands for it.
if [[ $1 = verify* ]]; then
  words=()
  while [ $# -gt 0 ]; do
    case $1 in --certificate-*) shift 2 ;; *) words+=("$1"); shift ;; esac
  done
  exec '${program}' "\${words[@]}" --key '${folder}/cosign.pub' --insecure-ignore-tlog
fi
exec '${program}' "$@" ${more}
`,
  );
  chmodSync(script, 0o755);
  return (command, ...args) => cosign(command!, '--key', 'cosign.pub', '--insecure-ignore-tlog', ...args);
}
