import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { GeneratedFile } from '../../generators/file';
import { lacks } from '../support/engines';
import { LINTERS, lint, WORKFLOW_LINTERS } from '../support/linters';
import { MATRIX } from '../support/workflow-files';

describe.skipIf(await lacks(WORKFLOW_LINTERS))('the linters of workflows', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'workflows-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, files: readonly Pick<GeneratedFile, 'path' | 'content'>[]) => {
    const root = join(folder, name.replaceAll(' ', '-'));
    // actionlint looks for the root of a repository.
    mkdirSync(join(root, '.git'), { recursive: true });
    for (const { path, content } of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return root;
  };

  it.each(MATRIX)('the linters of workflows find nothing in those of %s with %s', (target, name, files) => {
    const root = write(`${target} ${name}`, files);
    for (const call of Object.values(LINTERS)) {
      const { output, exitCode } = lint(call, root);
      expect({ output: output.trim().replace(/^\[\]$/, ''), exitCode }, call[0]).toEqual({ output: '', exitCode: 0 });
    }
  });

  it('the linters of workflows find what is wrong, each in its own way', () => {
    const root = write('wrong', [
      {
        path: '.github/workflows/wrong.yml',
        content:
          'on: pull_request_target\njobs:\n   a:\n      runs-on: ubuntu-24.04\n      steps:\n         - run: echo ${{ github.event.pull_request.title }} $x  \n',
      },
    ]);
    expect(lint(LINTERS.actionlint, root).output).toMatch(/SC2086[\s\S]*untrusted/);
    expect(lint(LINTERS.zizmor, root).output).toMatch(/dangerous-triggers[\s\S]*template-injection/);
    expect(lint(LINTERS.yamllint, root).output).toMatch(/trailing-spaces/);
  });
});
