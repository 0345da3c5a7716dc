import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { prepareTerraform } from '../../src/operations/terraform';
import { lacks } from '../support/engines';
import { TERRAFORM_CLI, terraformCliConfig } from '../support/engines/terraform';
import { terraform } from '../support/terraform';

const PROVIDER = { source: 'hashicorp/aws', version: '>= 5.77, < 6' };
/** A proxy that nobody listens at puts every registry out of reach. */
const OFFLINE = { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '', no_proxy: '', https_proxy: 'http://127.0.0.1:1' };
const HINT = /Set TF_PLUGIN_MIRROR to a folder .* or TF_CLI_CONFIG_FILE to a CLI configuration with a mirror\.$/;

describe.skipIf(await lacks(TERRAFORM_CLI))('Terraform for the tests of an emitted repository', () => {
  let machine: string;
  beforeEach(() => {
    machine = mkdtempSync(join(tmpdir(), 'emitted-terraform-'));
    for (const folder of ['home', 'opt', 'repository/deploy/root'])
      mkdirSync(join(machine, folder), { recursive: true });
    writeFileSync(join(machine, 'repository/deploy/root/main.tf'), 'terraform {}\n');
  });
  afterEach(() => rmSync(machine, { recursive: true, force: true }));

  const prepare = (env: NodeJS.ProcessEnv = {}) => {
    const { TF_PLUGIN_MIRROR: _, TF_CLI_CONFIG_FILE: __, TF_PLUGIN_CACHE_DIR: ___, ...own } = process.env;
    const home = join(machine, 'home');
    return prepareTerraform({
      repository: join(machine, 'repository'),
      oldest: '1.11',
      provider: PROVIDER,
      surroundings: {
        env: { ...own, ...OFFLINE, HOME: home, XDG_DATA_HOME: home, XDG_DATA_DIRS: home, ...env },
        home,
        systemFolders: [join(machine, 'opt')],
      },
    });
  };

  /** A mirror with a provider of this version that is no program. */
  function mirrorOf(folder: string, version: string): string {
    const place = join(machine, folder);
    const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
    const provider = join(place, 'registry.terraform.io/hashicorp/aws', version, platform);
    mkdirSync(provider, { recursive: true });
    writeFileSync(join(provider, `terraform-provider-aws_v${version}_x5`), '#!/bin/sh\n', { mode: 0o755 });
    return place;
  }

  it('without a registry and a mirror, one line says that the Terraform provider cannot be fetched, and what to set', async () => {
    const { unusable, noProvider, initialize } = await prepare();
    expect(unusable).toBeUndefined();
    expect(noProvider).toMatch(
      /^Terraform cannot fetch its provider hashicorp\/aws \(>= 5\.77, < 6\): registry\.terraform\.io /,
    );
    expect(noProvider).toMatch(HINT);
    expect(noProvider!.split('\n')).toHaveLength(1);
    expect(await initialize(join(machine, 'repository/deploy/root'))).toBe(noProvider);
  });

  it('a Terraform mirror on this machine is used if the registry is out of reach, and that is said', async () => {
    const mirror = mirrorOf('opt/plugins', '5.90.0');
    const { noProvider, note, initialize, run } = await prepare();
    expect(noProvider).toBeUndefined();
    expect(note).toMatch(`Terraform's provider comes from the mirror ${mirror}: registry.terraform.io`);
    const root = join(machine, 'repository/deploy/root');
    expect(await initialize(root)).toBeUndefined();
    await run(root, 'validate');
  });

  it('a Terraform mirror without a version that the roots allow is named, with the versions that it has', async () => {
    const mirror = mirrorOf('named', '4.67.0');
    const { noProvider } = await prepare({ TF_PLUGIN_MIRROR: mirror });
    expect(noProvider).toContain(`the mirror ${mirror} has only 4.67.0.`);
    expect(noProvider).toMatch(HINT);
  });

  it('a TF_PLUGIN_MIRROR that is no mirror is named', async () => {
    const { noProvider } = await prepare({ TF_PLUGIN_MIRROR: '/nowhere' });
    expect(noProvider).toMatch(/TF_PLUGIN_MIRROR is \/nowhere, which holds no/);
  });

  it.each([
    ['its own cache', 'repository/node_modules/.cache/terraform'],
    ["a root's .terraform", 'repository/deploy/root/.terraform/providers'],
    ['the cache that the user configured', 'home/cache'],
  ])('a provider that Terraform installed earlier is used if the registry is out of reach: %s', async (_, folder) => {
    mirrorOf(folder, '5.90.0');
    writeFileSync(join(machine, 'home/.terraformrc'), `plugin_cache_dir = "$HOME/cache"\n`);
    const { noProvider, note } = await prepare();
    expect(noProvider).toBeUndefined();
    expect(note).toContain(`what Terraform installed earlier in ${join(machine, folder)}`);
  });

  it('a TF_CLI_CONFIG_FILE that names no file is said if the provider cannot be fetched', async () => {
    const { noProvider } = await prepare({ TF_CLI_CONFIG_FILE: join(machine, 'none.tfrc') });
    expect(noProvider).toContain(`TF_CLI_CONFIG_FILE names no file: ${join(machine, 'none.tfrc')}.`);
  });

  it('a CLI configuration that Terraform cannot read is said if the provider cannot be fetched', async () => {
    const file = join(machine, 'broken.tfrc');
    writeFileSync(file, 'provider_installation {\n');
    const { noProvider } = await prepare({ TF_CLI_CONFIG_FILE: file });
    expect(noProvider).toContain(`Error parsing ${file}`);
  });

  it('a Terraform folder that asks a mirror for another provider cannot be initialized, and one that is wrong fails', async () => {
    mirrorOf('opt/plugins', '5.90.0');
    const root = join(machine, 'repository/deploy/root');
    const { initialize } = await prepare();
    writeFileSync(
      join(root, 'main.tf'),
      'terraform {\n  required_providers {\n    r = { source = "hashicorp/random" }\n  }\n}\n',
    );
    expect(await initialize(root)).toMatch(
      /^Terraform cannot fetch a provider of this folder from the mirror .*random/,
    );
    writeFileSync(join(root, 'main.tf'), 'terraform {\n');
    await expect(initialize(root)).rejects.toThrow(/^terraform init failed:\nError: .*main\.tf/s);
  });

  it('a Terraform root with the real provider is initialized from a mirror', async () => {
    const root = join(machine, 'repository/deploy/root');
    // What Terraform installs for a folder has the layout of a mirror, wherever it comes from on this machine.
    const first = join(machine, 'first');
    mkdirSync(first);
    const text = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n';
    for (const folder of [root, first]) writeFileSync(join(folder, 'main.tf'), text);
    const installed = await terraform(first, ['init'], { TF_CLI_CONFIG_FILE: terraformCliConfig() });
    expect(installed.exitCode, installed.output).toBe(0);
    symlinkSync(join(first, '.terraform/providers'), join(machine, 'opt/plugins'));
    const { initialize, run } = await prepare();
    expect(await initialize(root)).toBeUndefined();
    await run(root, 'validate');
  });
});
