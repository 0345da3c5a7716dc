import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The place that Terraform's providers come from. */
export type ProviderSource =
  /** A folder that holds `registry.terraform.io`. `named` is true if TF_PLUGIN_MIRROR names it. */
  | { readonly kind: 'mirror'; readonly folder: string; readonly named: boolean }
  /** The user's own Terraform CLI configuration, which has a `provider_installation` block. */
  | { readonly kind: 'configuration'; readonly file: string }
  /** Terraform's registry. */
  | { readonly kind: 'registry' };

/** The machine that is searched; this one by default. */
export interface SearchedMachine {
  readonly env?: NodeJS.ProcessEnv;
  /** The user's home folder. */
  readonly home?: string;
  readonly platform?: NodeJS.Platform;
  /** Folders that system packages and images put a mirror into, at most two levels below. */
  readonly systemFolders?: readonly string[];
}

const REGISTRY_HOST = 'registry.terraform.io';
const PROVIDER = 'hashicorp/aws';
const SYSTEM_FOLDERS = ['/opt', '/usr/local', '/usr/share', '/var/lib'];

/**
 * The source of Terraform's AWS provider on this machine, in this order: the folder that TF_PLUGIN_MIRROR names; the
 * user's own CLI configuration, if it has a place for providers; the folders that Terraform itself looks in
 * (developer.hashicorp.com/terraform/cli/config/config-file, "Implied Local Mirror Directories"); a folder
 * `registry.terraform.io` at most two levels below the system folders; else the registry.
 *
 * @throws Error if TF_PLUGIN_MIRROR names a folder without `registry.terraform.io/hashicorp/aws`
 */
export function findProviders({
  env = process.env,
  home = env.HOME || homedir(),
  platform = process.platform,
  systemFolders = SYSTEM_FOLDERS,
}: SearchedMachine = {}): ProviderSource {
  const named = env.TF_PLUGIN_MIRROR;
  if (named) {
    if (holdsProvider(named)) return { kind: 'mirror', folder: named, named: true };
    throw new Error(
      `TF_PLUGIN_MIRROR is ${named}, which holds no ${REGISTRY_HOST}/${PROVIDER}. Name the folder that "terraform providers mirror FOLDER" filled, or unset the variable.`,
    );
  }
  const file = userConfiguration(env, home, platform);
  if (file && /^\s*provider_installation\b/m.test(readFileSync(file, 'utf8'))) return { kind: 'configuration', file };
  const found = [...impliedMirrors(env, home, platform), ...belowTwoLevels(systemFolders)].find(holdsProvider);
  return found === undefined ? { kind: 'registry' } : { kind: 'mirror', folder: found, named: false };
}

/**
 * The text of a Terraform CLI configuration for mirrors: no other source is asked.
 *
 * @param folders absolute paths of the mirrors
 */
export function mirrorConfiguration(...folders: string[]): string {
  const mirrors = folders.map((folder) => `  filesystem_mirror {\n    path = ${JSON.stringify(folder)}\n  }\n`);
  return `provider_installation {\n${mirrors.join('')}}\n`;
}

/** The path in TF_CLI_CONFIG_FILE if there is no such file, of which Terraform only warns; else undefined. */
export function missingConfiguration({ TF_CLI_CONFIG_FILE: file }: NodeJS.ProcessEnv): string | undefined {
  return file && !isThere(file) ? file : undefined;
}

/** The folder that the user's CLI configuration has as `plugin_cache_dir`. */
export function configuredCache({
  env = process.env,
  home = env.HOME || homedir(),
  platform = process.platform,
}: SearchedMachine): string | undefined {
  const file = userConfiguration(env, home, platform);
  const folder = file && /^\s*plugin_cache_dir\s*=\s*"([^"]+)"/m.exec(readFileSync(file, 'utf8'))?.[1];
  return folder?.replace(/\$(\w+)|\$\{(\w+)\}/g, (_, name, braced) => env[name ?? braced] ?? '');
}

/** Versions of the AWS provider in a mirror, in either of Terraform's layouts, sorted. */
export function providerVersions(folder: string): string[] {
  const entries = entriesOf(join(folder, REGISTRY_HOST, PROVIDER));
  const versions = entries.flatMap(
    (name) => /^(?:terraform-provider-aws_)?(\d+\.\d+\.\d+[^_]*?)(?:_.*\.zip|\.json)?$/.exec(name)?.[1] ?? [],
  );
  return [...new Set(versions)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The CLI configuration that Terraform would read, if the file exists: TF_CLI_CONFIG_FILE may name one that does not. */
function userConfiguration(env: NodeJS.ProcessEnv, home: string, platform: NodeJS.Platform): string | undefined {
  const ofUser = platform === 'win32' ? join(env.APPDATA ?? home, 'terraform.rc') : join(home, '.terraformrc');
  const files = [env.TF_CLI_CONFIG_FILE, env.TERRAFORM_CONFIG, ofUser];
  return files.find((file): file is string => !!file && isThere(file));
}

function impliedMirrors(env: NodeJS.ProcessEnv, home: string, platform: NodeJS.Platform): string[] {
  if (platform === 'win32') {
    const data = env.APPDATA ?? home;
    return [join(data, 'terraform.d/plugins'), join(data, 'HashiCorp/Terraform/plugins')];
  }
  const ofUser = join(home, '.terraform.d/plugins');
  if (platform === 'darwin') {
    const support = 'Library/Application Support/io.terraform/plugins';
    return [ofUser, join(home, support), `/${support}`];
  }
  const shared = (env.XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':').filter(Boolean);
  const data = [env.XDG_DATA_HOME || join(home, '.local/share'), ...shared];
  return [ofUser, ...data.map((folder) => join(folder, 'terraform/plugins'))];
}

/** The folders that may hold `registry.terraform.io` as their entry, so that this lies at most two levels below the given ones. */
function belowTwoLevels(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => [folder, ...subfolders(folder)]);
}

/** Whether a folder has the layout of a mirror, and the AWS provider. */
export function holdsProvider(folder: string): boolean {
  return existsSync(join(folder, REGISTRY_HOST, PROVIDER));
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(({ name }) => join(folder, name));
  } catch {
    return []; // it is not there, or not ours to read
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether there is anything of this name that can be read, e.g. /dev/null. */
function isThere(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status !== undefined && !status.isDirectory();
}
