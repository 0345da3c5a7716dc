import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { ENGINES_DIR, installOnce, installPackages, PIP_INSTALL, run } from '../support/engines';

/**
 * The published versions of the server that are run, each with the packages that its image pins otherwise than
 * requirements.txt does. They lie before the shared ones on the module path. Of 0.9.2, the image's mcp is not known: this
 * is the newest of the day of its release, and knows no revision of the protocol that is younger than that day.
 */
export const SERVER_VERSIONS = {
  '0.9.2': ['fastmcp==2.12.4', 'mcp==1.21.2', 'starlette==0.47.2', 'uvicorn==0.35.0', 'sse-starlette==3.0.2'],
  '0.17.4': ['fastmcp==2.14.4'],
  '0.21.0': [],
  '0.22.0': [],
} as const satisfies Record<string, readonly string[]>;

export type ServerVersion = keyof typeof SERVER_VERSIONS;

/** One installed version of the server. */
export interface ServerEngine {
  readonly version: ServerVersion;
  /** The virtual environment with what every version needs. */
  readonly venv: string;
  /** Folder with this version's own packages: its PYTHONPATH. */
  readonly packages: string;
  /** What runs in place of the server's own console command; a name is looked for on the PATH. */
  readonly entry?: readonly string[];
  /** Folders that the server reads, the system's own aside: the Python installation behind `venv`, and the two above. */
  readonly folders: readonly string[];
}

const REQUIREMENTS = join(__dirname, 'requirements.txt');

/**
 * Installs a version below `.engines/` where it is not there yet: the shared packages once (a minute, network), a version
 * in seconds. Several processes may call this at once. Throws with the reason when it cannot.
 */
export async function ensureServer(version: ServerVersion): Promise<ServerEngine> {
  const engine = engineOf(version);
  mkdirSync(join(ENGINES_DIR, 'servers'), { recursive: true });
  await installOnce(engine.venv, (home) => installPackages(home, REQUIREMENTS));
  await installOnce(engine.packages, (home) => installVersion(home, engine));
  // Their real paths, because a sandbox has no links that lead to them.
  const [venv, packages] = [realpathSync(engine.venv), realpathSync(engine.packages)];
  return { version, venv, packages, folders: [pythonBehind(venv), venv, packages] };
}

/** Why a version cannot be run here, or undefined where it is installed. Installs nothing. */
export function whyNoServer(version: ServerVersion): string | undefined {
  const { venv, packages } = engineOf(version);
  for (const home of [venv, packages]) {
    if (existsSync(`${home}.failed`)) return readFileSync(`${home}.failed`, 'utf8');
    if (!existsSync(join(home, 'complete'))) return 'it is not installed (vitest does so before the first suite)';
  }
  return undefined;
}

/** For `describe.skipIf(…)`: says why where a version is missing, and throws under CI, as `skipWithoutEngines` does. */
export function skipWithoutServers(versions: readonly ServerVersion[]): boolean {
  const missing = versions.flatMap((version) => {
    const reason = whyNoServer(version);
    return reason ? [`quilt-mcp ${version}: ${reason}`] : [];
  });
  if (missing.length === 0) return false;
  if (process.env.CI) throw new Error(`Servers are missing, and CI is set:\n  ${missing.join('\n  ')}`);
  console.warn(`Skipped, servers are missing:\n  ${missing.join('\n  ')}`);
  return true;
}

function engineOf(version: ServerVersion): ServerEngine {
  const venv = join(ENGINES_DIR, `server-python-${keyOf(readFileSync(REQUIREMENTS, 'utf8'))}`);
  const pins = keyOf(`${basename(venv)} ${SERVER_VERSIONS[version].join(' ')}`);
  return { version, venv, packages: join(ENGINES_DIR, 'servers', `${version}-${pins}`), folders: [] };
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** The installation that a virtual environment was made from. */
function pythonBehind(venv: string): string {
  return join(dirname(realpathSync(join(venv, 'bin/python'))), '..');
}

async function installVersion(home: string, { venv, version }: ServerEngine): Promise<void> {
  const packages = [`quilt-mcp==${version}`, ...SERVER_VERSIONS[version]];
  await run(join(venv, 'bin/python'), [...PIP_INSTALL, '--no-deps', '--target', home, ...packages]);
}
