import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Engine } from '../support/engines';
import { engineFolder, installOnce, installPackages, pipInstall } from '../support/engines/install';

/**
 * The published versions of the server that are run, each with the packages that its image pins otherwise than
 * requirements.txt does: upstream's uv.lock of the version has them. They lie before the shared ones on the module path. Of
 * 0.9.2, the image's mcp is not known: this is the newest of the day of its release, and knows no revision of the protocol
 * that is younger than that day. Of 0.22.0 no source is public: it gets what 0.21.0 has.
 */
export const SERVER_VERSIONS = {
  '0.9.2': ['fastmcp==2.12.4', 'mcp==1.21.2', 'starlette==0.47.2', 'uvicorn==0.35.0', 'sse-starlette==3.0.2'],
  '0.17.4': ['fastmcp==2.14.4', 'starlette==0.47.2', 'uvicorn==0.35.0', 'sse-starlette==3.0.2'],
  '0.17.6': ['sse-starlette==3.2.0'],
  '0.21.0': ['sse-starlette==3.2.0'],
  '0.22.0': ['sse-starlette==3.2.0'],
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
const VENV = engineFolder('server-python', readFileSync(REQUIREMENTS, 'utf8'));

/** A version of the server: the shared packages once (a minute, network), its own in seconds. */
export function server(version: ServerVersion): Engine {
  return { name: `quilt-mcp ${version}`, prepare: () => prepareServer(version) };
}

/** A version of the server that can be run, installed first if it is not there yet. Rejects with the reason if it can't be had. */
export async function prepareServer(version: ServerVersion): Promise<ServerEngine> {
  await installOnce("the server's packages", VENV, (home) => installPackages(home, '-r', REQUIREMENTS));
  const pins = SERVER_VERSIONS[version];
  const home = engineFolder(`server-${version}`, VENV, ...pins);
  await installOnce(`quilt-mcp ${version}`, home, (target) =>
    pipInstall(VENV, '--no-deps', '--target', target, `quilt-mcp==${version}`, ...pins),
  );
  // Their real paths, because a sandbox has no links that lead to them.
  const [venv, packages] = [realpathSync(VENV), realpathSync(home)];
  return { version, venv, packages, folders: [pythonBehind(venv), venv, packages] };
}

/** The installation that a virtual environment was made from. */
function pythonBehind(venv: string): string {
  return join(dirname(realpathSync(join(venv, 'bin/python'))), '..');
}
