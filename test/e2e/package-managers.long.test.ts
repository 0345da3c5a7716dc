import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ensurePackage } from '../support/npm-packages';
import { startProgram } from '../support/program';
import { packRelease } from '../support/released-package';
import { standInForTerraform } from '../support/terraform-stand-in';
import { startUplinkRegistry, type UplinkRegistry } from '../support/uplink-registry';

const VERSION = '1.2.3';

interface Way {
  readonly title: string;
  /** What somebody types to make a repository in the folder `acme`. */
  readonly words: string;
  /** Name and version of the manager's package; npm comes with Node.js. */
  readonly needs?: readonly [name: string, version: string];
}

const WAYS: readonly Way[] = [
  { title: 'npm create', words: 'npm create quilt-mcp-deploy acme -- --yes' },
  { title: 'npx', words: 'npx --yes create-quilt-mcp-deploy acme --yes' },
  { title: 'pnpm create', words: 'pnpm create quilt-mcp-deploy acme --yes', needs: ['pnpm', '12.21.0'] },
  { title: 'Yarn 1 create', words: 'yarn create quilt-mcp-deploy acme --yes', needs: ['yarn', '1.22.22'] },
  { title: 'Yarn 4 create', words: 'yarn create quilt-mcp-deploy acme --yes', needs: ['@yarnpkg/cli-dist', '4.18.1'] },
  { title: 'bun create', words: 'bun create quilt-mcp-deploy acme --yes', needs: ['bun', '1.4.5'] },
];

describe('package managers', () => {
  let folder: string;
  let registry: UplinkRegistry;
  let terraform: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'package-managers-'));
    terraform = standInForTerraform(folder);
    const { archive, manifest } = packRelease(folder, VERSION);
    registry = await startUplinkRegistry(archive, manifest, await configuredRegistry(folder));
  });
  afterAll(async () => {
    await registry?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.for(WAYS)(
    '$title makes a repository from a registry, with an empty cache: written, installed, tested, committed',
    async ({ title, words, needs }, { skip }) => {
      const bin = needs ? await orWhy(ensurePackage(...needs)) : dirname(process.execPath);
      if (typeof bin !== 'string') {
        if (process.env.CI) throw bin;
        skip(`${title} was not run: ${bin.message}`);
        return;
      }
      const place = join(folder, title.replace(/\W+/g, '-'));
      const home = homeFor(place, registry);
      const before = registry.requests.length;
      const { exitCode, output } = await start(words, join(place, 'work'), {
        HOME: home,
        PATH: [terraform, bin, dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
      });
      expect(output).toMatch(/✓ \d+ files written to acme/);
      expect(output).toMatch(/✓ .*packages installed/);
      expect(output).toMatch(/✓ its tests: 12 passed/);
      expect(output).toMatch(/✓ git repository, first commit/);
      expect(exitCode, output).toBe(0);

      const repository = join(place, 'work/acme');
      expect(readdirSync(join(place, 'work'))).toEqual(['acme']);
      const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
      expect(devDependencies['create-quilt-mcp-deploy']).toBe(VERSION);
      const lock = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8'));
      expect(lock.packages['node_modules/create-quilt-mcp-deploy'].version).toBe(VERSION);
      const tracked = await start('git ls-files', repository, { HOME: home, PATH: process.env.PATH });
      expect(tracked.output).toMatch(/^package-lock\.json$/m);
      expect(tracked.output).toMatch(/^mcp-deploy\.json$/m);

      // Only the repository's own npm asks for projen, and asks the registry that npm is configured for.
      const projen = registry.requests.slice(before).filter(({ path }) => path === '/projen');
      expect(projen.length).toBeGreaterThan(0);
      // Yarn 1 hands its own registry down to every npm below it.
      expect(new Set(projen.map(({ client }) => client))).toEqual(new Set(['npm']));
    },
  );
});

/** A home folder as a user's, with each manager configured for its own URL of the registry, and nothing cached. */
function homeFor(place: string, registry: UplinkRegistry): string {
  const home = join(place, 'home');
  for (const made of [home, join(place, 'work')]) mkdirSync(made, { recursive: true });
  const files = {
    '.npmrc': `registry=${registry.url('npm')}/\nupdate-notifier=false\n`,
    '.yarnrc': `registry "${registry.url('yarn')}"\nprefix "${home}"\n`,
    '.yarnrc.yml': `npmRegistryServer: "${registry.url('yarn')}"\nunsafeHttpWhitelist: ["127.0.0.1"]\nenableTelemetry: false\n`,
    '.bunfig.toml': `[install]\nregistry = "${registry.url('bun')}/"\n`,
    '.gitconfig': '[user]\n  name = A\n  email = a@example.com\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
  return home;
}

/** The registry that this machine's npm is configured for. */
async function configuredRegistry(folder: string): Promise<string> {
  const { output } = await start('npm config get registry', folder, process.env);
  return new URL(output.trim()).href;
}

/** With no other variables than these and those of the network: a user's shell, not a test's. */
function start(words: string, cwd: string, variables: NodeJS.ProcessEnv) {
  const network = Object.entries(process.env).filter(([name]) =>
    /^(NODE_EXTRA_CA_CERTS|(https?|no)_proxy)$/i.test(name),
  );
  return startProgram(words.split(' '), cwd, { ...Object.fromEntries(network), ...variables });
}

function orWhy<T>(wanted: Promise<T>): Promise<T | Error> {
  return wanted.catch((error: Error) => error);
}
