import { generateDependencies, generateTasks } from '../../generators';
import { OLDEST_NODE } from '../../generators/node-version';
import type { Deployment } from '../model/deployment';
import { type KeptKeys, parseManifest } from './package-json';
import { ownPackage } from './package-root';

/** What package.json of an emitted repository is made from. */
export interface GeneratedManifest {
  /** What a new repository begins with. */
  readonly initial: Readonly<Record<string, unknown>>;
  readonly kept: KeptKeys;
  /** Development dependencies whose version the owner may set. */
  readonly yielding: readonly string[];
}

/** @param pin what package.json depends on for this package; undefined if it does not */
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

/** A name that npm takes, of a repository of GitHub: npm takes none that begins with a dot or an underscore. */
function packageName(repository: string): string {
  const name = repository.split('/')[1]!.toLowerCase();
  return name.replace(/^[._]+/, '') || 'quilt-mcp-deploy';
}

/** What a package.json depends on for this package, as npm writes it; undefined if there is none, or it does not. */
export function pinIn(manifest: string | undefined): string | undefined {
  return manifest === undefined ? undefined : parseManifest(manifest).devDependencies?.[ownPackage().name];
}

/**
 * What package.json depends on for this package: what was chosen; else its own exact version, unless it was never released.
 *
 * @param pin what stands there
 */
export function nextPin(chosen: string | undefined, pin: string | undefined): string | undefined {
  const { version } = ownPackage();
  // A package that lies within the repository is there because its owner wants that one.
  const isVendored = String(pin).startsWith('file:');
  return chosen ?? (version === '0.0.0' || isVendored ? pin : version);
}
