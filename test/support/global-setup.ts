import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureServer, SERVER_VERSIONS, type ServerVersion, whyNoServer } from '../server/engine';
import { ensureEmulator, missingEngines, terraformCliConfig, usesRegistry } from './engines';
import { ensureLinters, whyNoLinters } from './linters';
import { ensureOci, whyNoOci } from './oci';
import { terraform } from './terraform';

/** vitest's global setup: installs the engines once, before any suite, and says which are missing. */
export default async function setup(): Promise<() => void> {
  const removeTemporary = keepTemporaryTogether();
  // What fails here is remembered and reported by missingEngines, so that the suites without engines still run.
  await Promise.all([
    ensureEmulator().catch(() => {}),
    installServers(),
    ensureLinters().catch(() => console.warn(`Missing linters of workflows: ${whyNoLinters()}`)),
    ensureOci().catch(() => console.warn(`Missing registry of images: ${whyNoOci()}`)),
  ]);
  terraformCliConfig({ searchAgain: true });
  const missing = missingEngines(['emulator', 'terraform', 'builder']);
  for (const reason of missing) console.warn(`Missing engine: ${reason}`);
  if (!missing.some((reason) => reason.startsWith('terraform')) && usesRegistry()) await warmProviderCache();
  return removeTemporary;
}

/** What engines leave in the folder for temporary files goes with the run. Servers run as another user, who must get there. */
function keepTemporaryTogether(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'tests-'));
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** One by one: they share a virtual environment. */
async function installServers(): Promise<void> {
  for (const version of Object.keys(SERVER_VERSIONS) as ServerVersion[]) {
    await ensureServer(version).catch(() => console.warn(`Missing quilt-mcp ${version}: ${whyNoServer(version)}`));
  }
}

/** Fills the provider cache once: Terraform's cache may be read, but not written, by several processes at a time. */
async function warmProviderCache(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'provider-cache-'));
  try {
    const required = { aws: { source: 'hashicorp/aws', version: '>= 5.77, < 6' } };
    writeFileSync(join(dir, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: required } }));
    const { exitCode, output } = await terraform(dir, ['init'], { TF_CLI_CONFIG_FILE: terraformCliConfig() });
    if (exitCode !== 0) console.warn(`Terraform cannot fetch its AWS provider:\n${output}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
