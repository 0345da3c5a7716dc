import { mkdirSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

import { answersJsonSchema } from '../src/config/json-schema';

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
    banner: { js: '#!/usr/bin/env node' },
  });
}

void main();
