import { generateDependencies, generateTasks } from '../../generators';
import { OLDEST_NODE } from '../../generators/node-version';
import type { Deployment } from '../model/deployment';
import { type KeptKeys, parseManifest } from './package-json';
import { ownPackage } from './package-root';

/** The tool's part of an emitted repository's package.json. */
export interface GeneratedManifest {
  /** Content of a new repository's package.json. */
  readonly initial: Readonly<Record<string, unknown>>;
  readonly kept: KeptKeys;
  /** Development dependencies whose version the owner may set. */
  readonly yielding: readonly string[];
}

/** @param pin version of this package in package.json; undefined if it is not a dependency */
export function generateManifest(deployment: Deployment, pin: string | undefined): GeneratedManifest {
  const own = ownPackage();
  const yielding = generateDependencies(deployment);
  return {
    initial: {
      name: packageName(deployment.repository.name),
      private: true,
      description: `Deploys the Quilt MCP server beside the Quilt stack ${deployment.name}`,
      engines: { node: `>=${OLDEST_NODE}` },
    },
    kept: {
      scripts: {
        projen: 'projen',
        test: 'projen test',
        ...Object.fromEntries(generateTasks(deployment).map(({ name }) => [name, `projen ${name}`])),
      },
      devDependencies: {
        constructs: own.devDependencies.constructs!,
        ...(pin === undefined ? {} : { [own.name]: pin }),
        projen: own.devDependencies.projen!,
        ...Object.fromEntries(yielding.map((name) => [name, own.devDependencies[name]!])),
      },
    },
    yielding,
  };
}

/** An npm package name for a repository of GitHub: npm allows no dot or underscore at the beginning. */
function packageName(repository: string): string {
  const name = repository.split('/')[1]!.toLowerCase();
  return name.replace(/^[._]+/, '') || 'quilt-mcp-deploy';
}

/**
 * Version of this package in a package.json, as npm writes it; undefined if it is not a dependency, or there is no
 * file.
 */
export function pinIn(manifest: string | undefined): string | undefined {
  return manifest === undefined ? undefined : parseManifest(manifest).devDependencies?.[ownPackage().name];
}

/**
 * The next version of this package in package.json: the chosen one; else its own exact version, unless it was never
 * released.
 *
 * @param pin the current version
 */
export function nextPin(chosen: string | undefined, pin: string | undefined): string | undefined {
  const { version } = ownPackage();
  // A package that lies within the repository is there because its owner wants that one.
  const isVendored = String(pin).startsWith('file:');
  return chosen ?? (version === '0.0.0' || isVendored ? pin : version);
}
