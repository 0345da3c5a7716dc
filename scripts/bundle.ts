import { mkdirSync, writeFileSync } from 'node:fs';
import { build, type Plugin } from 'esbuild';

import { answersJsonSchema } from '../src/config/json-schema';

/** What projen's base project names and never reaches here: its shell for running tasks, and its Renovate component. */
const UNREACHED = /^(dax|\.\/javascript\/biome\/biome)$/;

/** Half of the bundle would be parsed at every start and run at none: it is replaced by a module that is empty. */
const leaveOut: Plugin = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: UNREACHED }, ({ path }) => ({ path, namespace: 'left-out' }));
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Makes what tsc does not: the command as one file that needs no installed package, and the schema of the answers. */
async function main(): Promise<void> {
  mkdirSync('lib', { recursive: true });
  writeFileSync('lib/mcp-deploy.schema.json', `${JSON.stringify(answersJsonSchema(), undefined, 2)}\n`);
  await build({
    entryPoints: ['src/cli/main.ts'],
    outfile: 'lib/cli.js',
    bundle: true,
    platform: 'node',
    target: 'node20',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    // projen looks for its own folder when it runs a task, which the command never does.
    logOverride: { 'require-resolve-not-external': 'silent' },
    plugins: [leaveOut],
    banner: { js: '#!/usr/bin/env node' },
  });
}

void main();
