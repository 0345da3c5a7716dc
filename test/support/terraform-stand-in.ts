import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A `terraform` that takes every folder for right, for suites about what lies around it: real Terraform takes minutes.
 *
 * @returns the folder that it is in, for the PATH
 */
export function standInForTerraform(folder: string): string {
  const bin = join(folder, 'terraform-stand-in');
  mkdirSync(bin);
  const file = join(bin, 'terraform');
  writeFileSync(file, `#!/bin/sh\n[ "$1" = version ] && echo '{ "terraform_version": "1.11.0" }'\nexit 0\n`);
  chmodSync(file, 0o755);
  return bin;
}
