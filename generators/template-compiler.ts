import Handlebars from 'handlebars';

/** Nothing is HTML-escaped, a name that the context lacks is an error, and a partial is indented as its mention is. */
export const COMPILE_OPTIONS = { noEscape: true, strict: true } as const;

export type Handlebar = typeof Handlebars;
export type CompiledTemplate = Handlebars.TemplateDelegate;

/** A Handlebars of its own: no other library's helpers, and ours for no other. */
export function createHandlebars(): Handlebar {
  return Handlebars.create();
}

/**
 * Compiles a template. In the bundled command this whole file is replaced by one that holds every template compiled
 * already, see scripts/bundle.ts: compiling takes longer than all else that the command does.
 *
 * @param _name the template's name: a path below `templates/` without suffix
 */
export function compileTemplate(handlebars: Handlebar, _name: string, text: string): CompiledTemplate {
  return handlebars.compile(text, COMPILE_OPTIONS);
}
