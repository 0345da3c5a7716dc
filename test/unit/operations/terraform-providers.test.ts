import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { findProviders, mirrorConfiguration } from '../../../src/operations/terraform-providers';

let machine: string;
let home: string;
beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'machine-'));
  home = join(machine, 'home/somebody');
  mkdirSync(home, { recursive: true });
});
afterEach(() => rmSync(machine, { recursive: true, force: true }));

const find = (env: NodeJS.ProcessEnv = {}) =>
  findProviders({
    env: { XDG_DATA_DIRS: '/nowhere', ...env },
    home,
    platform: 'linux',
    systemFolders: [join(machine, 'opt'), join(machine, 'var/lib')],
  });

function mirrorAt(path: string): string {
  const folder = join(machine, path);
  mkdirSync(join(folder, 'registry.terraform.io/hashicorp/aws'), { recursive: true });
  return folder;
}

const found = (folder: string) => ({ kind: 'mirror', folder, named: false });

it('providers come from the registry if there is nothing else', () => {
  expect(find()).toEqual({ kind: 'registry' });
});

it('providers come from a mirror that lies at most two levels below a system folder', () => {
  mirrorAt('opt/a/b');
  expect(find()).toEqual({ kind: 'registry' });
  const folder = mirrorAt('var/lib/plugins');
  expect(find()).toEqual(found(folder));
});

it('providers come from a system folder that is itself the mirror', () => {
  expect(find()).toEqual({ kind: 'registry' });
  const folder = mirrorAt('opt');
  expect(find()).toEqual(found(folder));
});

it('a mirror of other providers is no mirror of the AWS provider', () => {
  mkdirSync(join(machine, 'opt/plugins/registry.terraform.io/hashicorp/random'), { recursive: true });
  expect(find()).toEqual({ kind: 'registry' });
});

it.each(['home/somebody/.terraform.d/plugins', 'home/somebody/.local/share/terraform/plugins'])(
  'providers come from a folder that Terraform itself looks in before a system folder: %s',
  (path) => {
    mirrorAt('opt/plugins');
    const folder = mirrorAt(path);
    expect(find()).toEqual(found(folder));
  },
);

it('providers come from a folder of XDG_DATA_DIRS that Terraform looks in', () => {
  const folder = mirrorAt('share/terraform/plugins');
  expect(find({ XDG_DATA_DIRS: `/nowhere:${join(machine, 'share')}` })).toEqual(found(folder));
});

it('the configuration of the user counts before a mirror that is found, if it says where providers are', () => {
  mirrorAt('opt/plugins');
  const file = join(home, '.terraformrc');
  writeFileSync(file, 'plugin_cache_dir = "/tmp"\n');
  expect(find()).toMatchObject({ kind: 'mirror' });
  writeFileSync(file, '# provider_installation {}\nprovider_installation {\n  direct {}\n}\n');
  expect(find()).toEqual({ kind: 'configuration', file });
});

it('a TF_CLI_CONFIG_FILE that names no file is passed over', () => {
  const folder = mirrorAt('opt/plugins');
  expect(find({ TF_CLI_CONFIG_FILE: join(machine, 'none') })).toEqual(found(folder));
});

it('TF_PLUGIN_MIRROR counts before everything else, and must hold the provider', () => {
  mirrorAt('opt/plugins');
  writeFileSync(join(home, '.terraformrc'), 'provider_installation {\n}\n');
  const folder = mirrorAt('named');
  expect(find({ TF_PLUGIN_MIRROR: folder })).toEqual({ kind: 'mirror', folder, named: true });
  expect(() => find({ TF_PLUGIN_MIRROR: join(machine, 'none') })).toThrow(/TF_PLUGIN_MIRROR.*holds no.*unset/s);
});

it.each(['win32', 'darwin'] as const)('providers come from the folders of %s, too', (platform) => {
  const place =
    platform === 'win32'
      ? 'data/terraform.d/plugins'
      : 'home/somebody/Library/Application Support/io.terraform/plugins';
  const folder = mirrorAt(place);
  const env = { APPDATA: join(machine, 'data') };
  expect(findProviders({ env, home, platform, systemFolders: [] })).toEqual(found(folder));
});

it('the Terraform configuration for a mirror quotes its path', () => {
  expect(mirrorConfiguration('C:\\a "b"')).toContain('path = "C:\\\\a \\"b\\""');
});
