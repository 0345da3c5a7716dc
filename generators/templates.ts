import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HelperOptions } from 'handlebars';

import { githubExpression, hcl, markdown, markdownCode, typescript, yamlFlow, yamlScalar } from './escape';
import { type CompiledTemplate, compileTemplate, createHandlebars } from './template-compiler';

/** The templates of this package, by name: a path below `templates/` without `.hbs`. */
export interface Templates {
  /** The names below a folder, sorted. */
  readonly below: (folder: string) => string[];
  /** @throws Error if the template uses a name that the context lacks */
  readonly render: (name: string, context: object) => string;
  /** A program that the build of this package makes of its source, see scripts/bundle.ts. */
  readonly bundle: (name: string) => string;
}

const SUFFIX = '.hbs';
const PARTIALS = 'partials/';
/** From the folder of the templates. */
const BUNDLES = '../lib/bundles';

/**
 * The templates of a folder. They look like what they emit: nothing is HTML-escaped, a missing name in the context is
 * an error, and the `${{ … }}` of workflows stays as it is.
 */
export function loadTemplates(folder: string): Templates {
  const handlebars = createHandlebars();
  handlebars.registerHelper(HELPERS);
  const compile = (name: string) => compileTemplate(handlebars, name, readTemplate(folder, name));
  for (const { name, includedAs } of partials(folder)) {
    handlebars.registerPartial(includedAs, compile(name));
  }
  const compiled = new Map<string, CompiledTemplate>();
  return {
    bundle: (name) => readBundle(join(folder, BUNDLES, name)),
    below: (subfolder) => templateNames(join(folder, subfolder)).map((name) => `${subfolder}/${name}`),
    render: (name, context) => {
      const template = compiled.get(name) ?? compile(name);
      compiled.set(name, template);
      try {
        return template(context);
      } catch (error) {
        throw new Error(`template ${name}: ${(error as Error).message}`, { cause: error });
      }
    },
  };
}

function readBundle(path: string): string {
  if (!existsSync(path)) throw new Error(`${path} is not built: run npx projen compile`);
  return readFileSync(path, 'utf8');
}

const HELPERS = {
  hcl: (value: unknown, options: HelperOptions) => hcl(value, options.hash.indent as number | undefined),
  typescript: (value: string | readonly string[]) => typescript(value),
  json: (value: unknown) => JSON.stringify(value, undefined, 2),
  markdown: (value: unknown) => markdown(String(value)),
  code: (value: unknown) => markdownCode(String(value)),
  yaml: (value: string) => yamlScalar(value),
  github: (context: 'vars' | 'secrets', name: string) => githubExpression(context, name),
  flow: (values: readonly (string | number)[]) => yamlFlow(values),
  eq: (a: unknown, b: unknown) => a === b,
  // The part of a document that is its target's own, in `docs/partials/TARGET`: `{{> (partial "requirements")}}`.
  partial: (name: string, { data }: HelperOptions) => `${data.root.target}/${name}`,
  // A name as wide as the longest of its list, for the = signs that terraform fmt wants below one another.
  align: (name: string, names: readonly string[]) => name.padEnd(Math.max(...names.map(({ length }) => length))),
};

/** A template's text, in which the `${{ … }}` of workflows means itself. */
export function readTemplate(folder: string, name: string): string {
  return readFileSync(join(folder, `${name}${SUFFIX}`), 'utf8').replace(/\$\{\{/g, '$\\{{');
}

/**
 * Names of the templates that others include as `{{> name}}`: those below the folder `partials` of each kind of
 * template.
 */
export function partials(folder: string): { readonly name: string; readonly includedAs: string }[] {
  return readdirSync(folder).flatMap((kind) => {
    const below = join(folder, kind, PARTIALS);
    return (existsSync(below) ? templatesBelow(below) : []).map((includedAs) => ({
      name: `${kind}/${PARTIALS}${includedAs}`,
      includedAs,
    }));
  });
}

/** Files of templates below a folder, as paths from it without suffix, sorted; partials are no templates. */
export function templateNames(folder: string): string[] {
  return templatesBelow(folder).filter((name) => !name.split('/').includes('partials'));
}

function templatesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replace(/\\/g, '/'))
    .filter((path) => path.endsWith(SUFFIX))
    .map((path) => path.slice(0, -SUFFIX.length))
    .sort();
}
