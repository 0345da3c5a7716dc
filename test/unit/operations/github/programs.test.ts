import { readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { ownPackage } from '../../../../src/project/package-root';
import { below, deploy } from '../../../support/workflow-files';

const { root } = ownPackage();
const NAMES = readdirSync(join(root, 'src/operations/bundles')).map((name) => name.replace(/\.ts$/, '.mjs'));
const PROGRAMS = below(deploy('terraform', undefined)).filter(({ path }) => path.startsWith('.github/scripts/'));

describe('the programs of jobs that install nothing', () => {
  it('the programs of jobs that install nothing are all that lies beside the workflows', () => {
    expect(PROGRAMS.map(({ path }) => path).sort()).toEqual(NAMES.map((name) => `.github/scripts/${name}`).sort());
    const workflows = below(deploy('terraform', undefined)).filter(({ path }) => path.endsWith('.yml'));
    for (const name of NAMES) {
      expect(workflows.some(({ content }) => content.includes(`node .github/scripts/${name} `))).toBe(true);
    }
  });

  it.each(PROGRAMS.map(({ path, content }) => [path, content]))(
    'the programs of jobs that install nothing are of Node.js and this package alone: %s',
    (path, content) => {
      const imported = [...content.matchAll(/^(?:import|export) .*["'](.+)["'];$|\b(?:import|require)\((.*?)\)/gm)].map(
        ([, name, loaded]) => name ?? loaded!,
      );
      expect(imported.length).toBeGreaterThan(2);
      expect(imported.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')))).toEqual([]);
      const sources = [...content.matchAll(/^\/\/ (\S+\.[cm]?[jt]s)$/gm)].map(([, source]) => source!);
      expect(sources.length).toBeGreaterThan(5);
      expect(sources.filter((source) => !/^src\/(operations\/|config\/digest\.ts$|exit\.ts$)/.test(source))).toEqual(
        [],
      );
      // For a reviewer: how it is called, and what each function is for.
      expect(content.split('\n').slice(1).join('\n')).toMatch(/^\/\/ What the workflow/);
      expect(content).toContain(`//   node ${path} `);
      expect(Math.max(...content.split('\n').map(({ length }) => length))).toBeLessThan(420);
    },
  );
});
