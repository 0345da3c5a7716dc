/**
 * A value as an HCL expression: strings quoted, with neither interpolation nor directives; lists on one line; maps on
 * several, formatted as `terraform fmt` does.
 *
 * @param indent spaces before the line that the expression begins on
 */
export function hcl(value: unknown, indent = 0): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => hcl(item, indent)).join(', ')}]`;
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([key, item]) => [hclKey(key), hcl(item, indent + 2)] as const);
    if (entries.length === 0) {
      return '{}';
    }
    const width = Math.max(...entries.map(([key]) => key.length));
    const margin = ' '.repeat(indent + 2);
    const lines = entries.map(([key, item]) => `${margin}${key.padEnd(width)} = ${item}`);
    return `{\n${lines.join('\n')}\n${' '.repeat(indent)}}`;
  }
  return typeof value === 'string' ? hclString(value) : String(value);
}

function hclKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) ? key : hclString(key);
}

function hclString(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')
    .replace(/[\p{Cc}\u2028\u2029]/gu, (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`)
    .replace(/\$\{/g, '$$$${')
    .replace(/%\{/g, '%%{');
  return `"${escaped}"`;
}

/**
 * A text, or a list of texts, as a TypeScript expression on one line. Texts are quoted as a formatter would: with
 * apostrophes, or else with the quotes that need the fewest escapes.
 */
export function typescript(value: string | readonly string[]): string {
  if (typeof value !== 'string') {
    return `[${value.map((item) => typescript(item)).join(', ')}]`;
  }
  const json = JSON.stringify(value);
  const single = `'${json.slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;
  return json.length < single.length ? json : single;
}

/**
 * A scalar as YAML that readers of 1.1 and 1.2 take for the same: it is quoted if either would read it as another type.
 */
export function yamlScalar(value: string | number | boolean): string {
  // Loaded on demand: it takes longer than the writing of all files.
  const { stringify } = require('yaml') as typeof import('yaml');
  return stringify(value, {
    version: '1.1',
    lineWidth: 0,
    // On one line, however long: nothing is known here of the indentation that another line would need.
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
  }).trimEnd();
}

/** A list as YAML on one line: JSON is YAML, and quotes every text that could be read as something else. */
export function yamlFlow(values: readonly (string | number)[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
}

/**
 * An entry of one of GitHub's contexts, as an expression: `${{ secrets.NAME }}`, or by index if the name is not valid
 * in its expression language. In a YAML document it is a scalar like any other, so it is written by {@link yamlScalar}.
 */
export function githubExpression(context: 'vars' | 'secrets', name: string): string {
  const entry = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `.${name}` : `['${name.replace(/'/g, "''")}']`;
  return `\${{ ${context}${entry} }}`;
}

/** Text inside of a Markdown paragraph or table cell, as it is: no markup, no HTML, no new cell. */
export function markdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]<>|~]/g, '\\$&')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replace(/^(\s*)([#+-])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** Text as inline code in Markdown, in a table too. */
export function markdownCode(text: string): string {
  const line = text.replace(/[\r\n]+/g, ' ');
  if (line.includes('\\|')) {
    // A table reads the backslash as escaping itself, and the bar as the end of the cell.
    return `<code>${line.replace(/[^\w ]/gu, (character) => `&#${character.codePointAt(0)};`)}</code>`;
  }
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = line.startsWith('`') || line.endsWith('`') || line.trim() === '' ? ' ' : '';
  return `${fence}${padding}${line}${padding}${fence}`.replace(/\|/g, '\\|');
}
