import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { build, type Plugin } from 'esbuild';
import Handlebars from 'handlebars';

import { COMPILE_OPTIONS } from '../generators/template-compiler';
import { partials, readTemplate, templateNames } from '../generators/templates';
import { answersJsonSchema } from '../src/config/json-schema';

const TEMPLATES = 'templates';
/** Folder of the build, in which tsc has written already: see .projenrc.ts. */
const OUT = '.tmp/lib';

/**
 * Modules that projen loads at every start and that do nothing here, and what stands in for each. They are
 * more than half of what would have to be parsed.
 */
const LEFT_OUT: Readonly<Record<string, string>> = {
  // The shell that runs tasks: the command runs none.
  dax: 'module.exports = {};',
  // Used by the component for Renovate: there is none.
  './javascript/biome/biome': 'module.exports = {};',
  // Finds what to clean up in the output folder, which is new and empty, and what to back up on ejecting.
  'fast-glob': 'exports.sync = () => [];',
};

/** Templates of pages that no emitted repository has: this project's own, see scripts/conventions-docs.ts. */
const OWN_TEMPLATES = /^docs\/conventions(-index)?\.md$/;

const leaveOut: Plugin = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    const namespace = 'left-out';
    onResolve({ filter: /.*/ }, ({ path }) => (Object.hasOwn(LEFT_OUT, path) ? { path, namespace } : undefined));
    onLoad({ filter: /.*/, namespace }, ({ path }) => ({ contents: LEFT_OUT[path]! }));
  },
};

/**
 * Puts the compiled templates into the bundle, in place of the compiler: it would be half of the time that the command
 * takes.
 */
const compiledTemplates: Plugin = {
  name: 'compiled-templates',
  setup({ onLoad }) {
    onLoad({ filter: /generators\/template-compiler\.ts$/ }, () => {
      const names = [...templateNames(TEMPLATES), ...partials(TEMPLATES).map(({ name }) => name)];
      const entries = names
        .filter((name) => !OWN_TEMPLATES.test(name))
        .map((name) => {
          const specification = Handlebars.precompile(readTemplate(TEMPLATES, name), COMPILE_OPTIONS);
          return `${JSON.stringify(name)}: () => (${specification})`;
        });
      const contents = `
        import Handlebars from 'handlebars/runtime';
        const TEMPLATES = {${entries.join(',')}};
        export const createHandlebars = () => Handlebars.create();
        export const compileTemplate = (handlebars, name) => handlebars.template(TEMPLATES[name]());
      `;
      return { contents, loader: 'js', resolveDir: __dirname };
    });
  },
};

const BUNDLES = 'src/operations/bundles';

/**
 * Makes one file of each program for jobs that install no packages, emitted as it is. For its reviewers it begins with how
 * it is called, is not minified, keeps the doc comments, and is formatted as its source.
 */
async function bundlePrograms(): Promise<void> {
  const { build } = await import('rolldown');
  mkdirSync(`${OUT}/bundles`);
  for (const name of readdirSync(BUNDLES)) {
    const usage = /^(?:\/\/.*\n)+/.exec(readFileSync(`${BUNDLES}/${name}`, 'utf8'))?.[0] ?? '';
    const { output } = await build({
      input: `${BUNDLES}/${name}`,
      platform: 'node',
      transform: { target: 'node20' },
      write: false,
      output: {
        format: 'esm',
        minify: false,
        comments: { legal: true, annotation: false, jsdoc: true },
        banner: usage,
      },
    });
    const program = name.replace(/\.ts$/, '.mjs');
    writeFileSync(`${OUT}/bundles/${program}`, formatted(program, output[0].code));
  }
}

function formatted(name: string, code: string): string {
  const biome = require.resolve('@biomejs/biome/bin/biome');
  return execFileSync(process.execPath, [biome, 'format', `--stdin-file-path=${name}`], {
    input: code,
    encoding: 'utf8',
  });
}

/**
 * Makes what tsc does not: the command as one file that needs no installed package, the schema of the answers, and the
 * bundles that repositories get. Then puts the build in the place of the one before.
 */
async function main(): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  await bundlePrograms();
  writeFileSync(`${OUT}/mcp-deploy.schema.json`, `${JSON.stringify(answersJsonSchema(), undefined, 2)}\n`);
  await build({
    entryPoints: ['src/cli/main.ts'],
    outfile: `${OUT}/cli.js`,
    bundle: true,
    platform: 'node',
    target: 'node20',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    // projen looks for its own folder when it runs a task, which the command never does.
    logOverride: { 'require-resolve-not-external': 'silent' },
    // Its main file loads its parts in a way that no bundler follows.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    plugins: [leaveOut, compiledTemplates],
    banner: { js: '#!/usr/bin/env node' },
  });
  replaceBuild();
}

/** Two renames, so that whoever runs this package meanwhile finds the build of before or this one. */
function replaceBuild(): void {
  const before = mkdtempSync('.tmp/before-');
  if (existsSync('lib')) renameSync('lib', `${before}/lib`);
  renameSync(OUT, 'lib');
  rmSync(before, { recursive: true, force: true });
}

void main();
