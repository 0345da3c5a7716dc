import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { findProviders, mirrorConfiguration } from '../../../src/operations/terraform-providers';
import { TERRAFORM_SUITES } from '../machine.mjs';
import { terraform } from '../terraform';
import type { Engine } from '.';
import { ENGINES_DIR, installOnce, tryLock } from './install';

const PLUGIN_CACHE = join(ENGINES_DIR, 'terraform-plugins');
const WARMED = join(ENGINES_DIR, 'terraform-providers');
const PROVIDERS = { aws: { source: 'hashicorp/aws', version: '>= 5.77, < 6' } };
const POLL_MS = 200;

/** Terraform and its AWS provider. A suite that asks for it waits until few enough others run it: see `TERRAFORM_SUITES`. */
export const TERRAFORM_CLI: Engine = {
  name: 'Terraform',
  prepare: async () => {
    const reason = whyNoTerraform();
    if (reason) throw new Error(reason);
    if (findProviders().kind === 'registry') await installOnce("Terraform's AWS provider", WARMED, fillPluginCache);
    await takeSlot();
  },
};

/**
 * The path of the Terraform CLI configuration of suites: the user's own if it says where providers are, else one below
 * `.engines/`, which is written first.
 */
export function terraformCliConfig(): string {
  const source = findProviders();
  if (source.kind === 'configuration') return source.file;
  const path = join(ENGINES_DIR, 'terraform.tfrc');
  mkdirSync(PLUGIN_CACHE, { recursive: true });
  // Renamed into place, because another worker may be reading it.
  writeFileSync(
    `${path}.${process.pid}`,
    source.kind === 'mirror'
      ? mirrorConfiguration(source.folder)
      : `plugin_cache_dir = ${JSON.stringify(PLUGIN_CACHE)}\n`,
  );
  renameSync(`${path}.${process.pid}`, path);
  return path;
}

function whyNoTerraform(): string | undefined {
  const { status, stdout, stderr, error } = spawnSync('terraform', ['version', '-json'], {
    encoding: 'utf8',
    env: { ...process.env, CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: terraformCliConfig() },
  });
  if (status !== 0) return `terraform version fails: ${error?.message ?? stderr.slice(-500)}`;
  const version = JSON.parse(stdout).terraform_version as string;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 1 || (major === 1 && minor >= 11) ? undefined : `Terraform ${version} is older than 1.11`;
}

/** Terraform's cache may be read, but not written, by several processes at a time. */
async function fillPluginCache(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'provider-cache-'));
  try {
    mkdirSync(WARMED, { recursive: true });
    writeFileSync(join(dir, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: PROVIDERS } }));
    const { exitCode, output } = await terraform(dir, ['init'], { TF_CLI_CONFIG_FILE: terraformCliConfig() });
    if (exitCode !== 0)
      throw new Error(`its AWS provider can't be fetched; TF_PLUGIN_MIRROR may name a mirror:\n${output}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

let slot: Promise<void> | undefined;

/** One of the places for suites that run Terraform at the same time. It is free again when this process has ended. */
function takeSlot(): Promise<void> {
  slot ??= (async () => {
    for (;;) {
      for (let number = 0; number < TERRAFORM_SUITES; number++) {
        if (tryLock(join(ENGINES_DIR, `terraform-slot-${number}.lock`))) return;
      }
      await sleep(POLL_MS);
    }
  })();
  return slot;
}
