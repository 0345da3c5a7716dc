import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';

import { hcl, markdown, markdownCode, yamlScalar } from './escape';

/** The templates of this package, by name: a path below `templates/` without `.hbs`. */
export interface Templates {
  /** The names below a folder, sorted. */
  readonly below: (folder: string) => string[];
  /** @throws Error where the template names what the context lacks */
  readonly render: (name: string, context: object) => string;
}

const SUFFIX = '.hbs';
const PARTIALS = 'partials/';

/**
 * The templates of a folder. They look like what they emit: nothing is HTML-escaped, a name that the context lacks is
 * an error, and the `${{ … }}` of workflows stays as it is.
 */
export function loadTemplates(folder: string): Templates {
  const handlebars = Handlebars.create();
  handlebars.registerHelper({
    hcl: (value: unknown, options: Handlebars.HelperOptions) => hcl(value, options.hash.indent as number | undefined),
    json: (value: unknown) => JSON.stringify(value, undefined, 2),
    markdown: (value: unknown) => markdown(String(value)),
    code: (value: unknown) => markdownCode(String(value)),
    yaml: (value: string) => yamlScalar(value),
    eq: (a: unknown, b: unknown) => a === b,
    // A name as wide as the longest of its list, for the = signs that terraform fmt wants below one another.
    align: (name: string, names: readonly string[]) => name.padEnd(Math.max(...names.map(({ length }) => length))),
  });
  const read = (name: string) => readFileSync(join(folder, `${name}${SUFFIX}`), 'utf8').replace(/\$\{\{/g, '$\\{{');
  registerPartials(handlebars, folder, read);
  const compiled = new Map<string, Handlebars.TemplateDelegate>();
  return {
    below: (subfolder) => templateNames(join(folder, subfolder)).map((name) => `${subfolder}/${name}`),
    render: (name, context) => {
      let template = compiled.get(name);
      if (!template) {
        template = handlebars.compile(read(name), { noEscape: true, strict: true, preventIndent: true });
        compiled.set(name, template);
      }
      try {
        return template(context);
      } catch (error) {
        throw new Error(`template ${name}: ${(error as Error).message}`, { cause: error });
      }
    },
  };
}

/** Files of templates below a folder, as paths from it without suffix, sorted; partials are no templates. */
function templateNames(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replace(/\\/g, '/'))
    .filter((path) => path.endsWith(SUFFIX) && !path.startsWith(PARTIALS))
    .map((path) => path.slice(0, -SUFFIX.length))
    .sort();
}

/** Templates that others include as `{{> name}}`: the folder `partials` of each kind of template. */
function registerPartials(handlebars: typeof Handlebars, folder: string, read: (name: string) => string): void {
  for (const kind of readdirSync(folder)) {
    const partials = join(folder, kind, PARTIALS);
    for (const file of existsSync(partials) ? readdirSync(partials) : []) {
      const name = file.slice(0, -SUFFIX.length);
      handlebars.registerPartial(name, read(`${kind}/${PARTIALS}${name}`));
    }
  }
}
