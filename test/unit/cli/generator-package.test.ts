import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { generatorDependency } from '../../../src/cli/generator-package';
import { exampleAnswers } from '../../../src/config/example';
import { ownPackage } from '../../../src/project/package-root';
import { QuiltMcpDeployProject } from '../../../src/project/project';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'package-test-'));
  writeFileSync(join(root, 'package.json'), '{}');
  mkdirSync(join(root, 'lib/inner'), { recursive: true });
  writeFileSync(join(root, 'lib/inner/a.js'), 'a');
  writeFileSync(join(root, 'left-out.txt'), '');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const own = (version: string) => ({
  ...ownPackage(),
  root,
  version,
  files: ['lib', 'not-there'],
  bin: { command: 'lib/inner/a.js' },
});

describe('the dependency on this package', () => {
  it('the dependency on this package is the exact version of a release, and carries nothing', async () => {
    expect(await generatorDependency(own('1.2.3'))).toEqual({ specifier: '1.2.3' });
  });

  it('the dependency on this package is the packed folder if nothing was released, with just the files that npm publishes', async () => {
    const { specifier, vendored } = await generatorDependency(own('0.0.0'));
    expect(specifier).toBe(`file:${vendored!.path}`);
    expect(vendored!.path).toMatch(/^vendor\/create-quilt-mcp-deploy-0\.0\.0-[0-9a-f]{8}\.tgz$/);
    writeFileSync(join(root, 'packed.tgz'), vendored!.content);
    const listed = execFileSync('tar', ['-tzf', join(root, 'packed.tgz')], { encoding: 'utf8' });
    expect(listed.trim().split('\n')).toEqual(['package/lib/inner/a.js', 'package/package.json']);
  });

  it('the dependency on this package has another name for other content, and the same for the same content', async () => {
    const first = await generatorDependency(own('0.0.0'));
    copyFileSync(join(root, 'lib/inner/a.js'), join(root, 'copy'));
    expect(await generatorDependency(own('0.0.0'))).toEqual(first);
    writeFileSync(join(root, 'lib/inner/a.js'), 'b');
    expect((await generatorDependency(own('0.0.0'))).specifier).not.toBe(first.specifier);
  });

  it('a package whose command is not built is not packed', async () => {
    rmSync(join(root, 'lib/inner/a.js'));
    await expect(generatorDependency(own('0.0.0'))).rejects.toThrow(/has no lib\/inner\/a\.js: build it first/);
  });

  it('the dependency on this package is written into package.json, beside exact versions of the peers', () => {
    const project = new QuiltMcpDeployProject({ answers: exampleAnswers(), repositoryRoot: root, generator: '1.2.3' });
    const manifest = project.render().find(({ path }) => path === 'package.json')!;
    const { devDependencies } = JSON.parse(manifest.content.toString());
    expect(devDependencies['create-quilt-mcp-deploy']).toBe('1.2.3');
    expect(devDependencies.projen).toMatch(/^\d+\.\d+\.\d+$/);
    expect(devDependencies.constructs).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
