import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import {
  configuredCache,
  findProviders,
  holdsProvider,
  mirrorConfiguration,
  providerVersions,
  type SearchedMachine,
} from './terraform-providers';

/** A source for Terraform's provider. */
export interface TerraformSource {
  /** Terraform's own settings, a mirror, or an earlier installation. */
  readonly kind: 'settings' | 'mirror' | 'installed';
  /** For a sentence. */
  readonly name: string;
  /** Folders of a mirror's layout that it is. */
  readonly folders: readonly string[];
  /** A CLI configuration for it. Absent: Terraform's own settings. */
  readonly configuration?: string;
}

/** A place that did not have the provider, and why, as a clause without a full stop. */
export interface FailedSource {
  readonly source: TerraformSource;
  readonly why: string;
}

/**
 * The sources of the provider, in the order in which they are tried: the mirror of TF_PLUGIN_MIRROR, and no other;
 * without that variable Terraform's own settings, a mirror on this machine, earlier installations.
 *
 * @param installed folders of earlier installations
 * @throws Error if TF_PLUGIN_MIRROR names no mirror
 */
export function sourcesOf(machine: SearchedMachine, installed: readonly string[]): TerraformSource[] {
  const found = findProviders(machine);
  const mirror: TerraformSource[] =
    found.kind === 'mirror'
      ? [
          {
            kind: 'mirror',
            name: `the mirror ${found.folder}`,
            folders: [found.folder],
            configuration: mirrorConfiguration(found.folder),
          },
        ]
      : [];
  if (found.kind === 'mirror' && found.named) return mirror;
  const name = found.kind === 'configuration' ? `the places that ${found.file} names` : "Terraform's registry";
  return [
    { kind: 'settings', name, folders: [] },
    ...mirror,
    ...(installed.length === 0
      ? []
      : [
          {
            kind: 'installed',
            name: `what Terraform installed earlier in ${installed[0]}`,
            folders: installed,
            configuration: mirrorConfiguration(...installed),
          } as const,
        ]),
  ];
}

/** Folders with providers that Terraform installed: caches, and those of the roots of a repository. */
export function installedProviders(repository: string, cache: string | undefined, machine: SearchedMachine): string[] {
  const caches = [cache, configuredCache(machine), join(repository, 'node_modules/.cache/terraform')];
  const roots = foldersBelow(join(repository, 'deploy')).map((folder) => join(folder, '.terraform/providers'));
  return [...new Set([...caches, ...roots])].filter((folder): folder is string => !!folder && holdsProvider(folder));
}

/** One line: the provider cannot be fetched, the reason of each source, and the settings that help. */
export function describeFailures(
  { source, version }: { readonly source: string; readonly version: string },
  failures: readonly FailedSource[],
  missingConfiguration: string | undefined,
): string {
  const reasons = failures.map(({ source: { kind, name, folders }, why }) => {
    const versions = [...new Set(folders.flatMap(providerVersions))];
    if (versions.length > 0 && /no available releases match/.test(why))
      return `${name} has only ${versions.join(', ')}`;
    return kind === 'settings' && name === "Terraform's registry" ? why : `${name}: ${why}`;
  });
  return [
    `Terraform cannot fetch its provider ${source} (${version}): ${reasons.join('; ')}.`,
    ...(missingConfiguration === undefined ? [] : [`TF_CLI_CONFIG_FILE names no file: ${missingConfiguration}.`]),
    'Set TF_PLUGIN_MIRROR to a folder that "terraform providers mirror FOLDER" filled,',
    'or TF_CLI_CONFIG_FILE to a CLI configuration with a mirror.',
  ].join(' ');
}

function foldersBelow(folder: string): string[] {
  try {
    const below = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !['.terraform', 'node_modules'].includes(entry.name))
      .flatMap((entry) => foldersBelow(join(folder, entry.name)));
    return [folder, ...below];
  } catch {
    return []; // it is not there, or not ours to read
  }
}
