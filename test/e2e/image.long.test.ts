import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { generateFiles } from '../../generators';
import { loadTemplates } from '../../generators/templates';
import { exampleAnswers } from '../../src/config/example';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { BUILDER, buildahIn } from '../support/buildah';
import { lacks } from '../support/engines';

const UPSTREAM = 'localhost/quiltdata/mcp:1';
const IMAGE = 'localhost/quilt-mcp-server:1';
/** An image of upstream, as far as the Dockerfile builds on it: what it runs, and where its programs are. */
const UPSTREAM_DOCKERFILE = `FROM scratch
COPY server /app/server
ENV PATH=/app/.venv/bin:/usr/bin
WORKDIR /app
CMD ["quilt-mcp"]
`;

describe.skipIf(await lacks(BUILDER))('the image built from the emitted folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  const docker = join(folder, 'docker');
  const buildah = buildahIn(folder);
  const deployment = resolveDeployment(readConfig(exampleAnswers(), 'the example'));
  const { container } = deployment.contract;
  let config: Record<string, unknown>;

  beforeAll(() => {
    const files = generateFiles(deployment, loadTemplates(join(__dirname, '../../templates')));
    for (const { path, content } of files.filter(({ path }) => path.startsWith('docker/'))) {
      place(join(folder, path), content);
    }
    // As a checkout of somebody who shares nothing.
    chmodSync(join(docker, 'shim.py'), 0o600);
    place(join(folder, 'upstream/server'), 'a server');
    place(join(folder, 'upstream/Dockerfile'), UPSTREAM_DOCKERFILE);
    buildah('build', '--platform', 'linux/amd64', '--tag', UPSTREAM, join(folder, 'upstream'));
    const { FromImageDigest } = JSON.parse(buildah('inspect', '--type', 'image', UPSTREAM));
    const source = `${UPSTREAM.replace(/:.*/, '')}@${FromImageDigest}`;
    const options = ['--platform', 'linux/amd64', '--pull-never', '--format', 'docker'];
    buildah('build', ...options, '--build-arg', `UPSTREAM=${source}`, '--tag', IMAGE, docker);
    config = JSON.parse(buildah('inspect', '--type', 'image', IMAGE)).Docker.config;
  });
  afterAll(() => {
    buildah('rm', '--all');
    rmSync(folder, { recursive: true, force: true });
  });

  it('the image built from the emitted folder runs the shim, and nothing of what upstream runs, as the user of the task definition', () => {
    expect(config.User).toBe(container.user);
    expect(config.Entrypoint).toEqual(['python3', '/opt/shim/shim.py']);
    expect(config.Cmd ?? []).toEqual([]);
    expect(config.WorkingDir).toBe('/app');
  });

  it('the image built from the emitted folder has the probe of the task definition', () => {
    const { command, interval, timeout, retries, startPeriod } = container.probe;
    const nanoseconds = (seconds: number) => seconds * 1e9;
    expect(config.Healthcheck).toEqual({
      Test: command,
      Interval: nanoseconds(interval),
      Timeout: nanoseconds(timeout),
      StartPeriod: nanoseconds(startPeriod),
      Retries: retries,
    });
  });

  it('the image built from the emitted folder has the shim where anyone can read it, and nothing else of the folder', () => {
    const name = buildah('from', '--pull-never', IMAGE).trim();
    const root = buildah('mount', name).trim();
    const modeOf = (path: string) => (statSync(join(root, path)).mode & 0o777).toString(8);
    expect(modeOf('opt/shim/shim.py')).toBe('555');
    expect(modeOf('opt/shim')).toMatch(/^[57]55$/);
    expect(
      spawnSync('find', [root, '-type', 'f', '-printf', '%P\\n'], { encoding: 'utf8' }).stdout.split('\n').sort(),
    ).toEqual(['', 'app/server', 'opt/shim/shim.py']);
  });

  it('the image is not built from the emitted folder without upstream', () => {
    expect(() => buildah('build', docker)).toThrow(/UPSTREAM/);
  });
});

function place(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
