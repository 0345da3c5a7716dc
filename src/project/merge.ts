/** Lines that nobody changed, or just one side, or both; `a` is the owner's, `o` the common ancestor. */
type MergeRegion =
  | { readonly stable: true; readonly bufferContent: readonly string[] }
  | {
      readonly stable: false;
      readonly aContent: readonly string[];
      readonly oContent: readonly string[];
      readonly bContent: readonly string[];
    };
// Its types are for ES modules alone.
const { diff3MergeRegions } = require('node-diff3') as {
  diff3MergeRegions(a: readonly string[], o: readonly string[], b: readonly string[]): MergeRegion[];
};

/** The result of a merge of three texts. */
export interface Merge {
  readonly text: string;
  /** Number of places that the owner must decide; each is marked in the text. */
  readonly conflicts: number;
}

/** Says who wanted the change of a place in conflict, given its lines before and now. */
export type Explain = (before: string, now: string) => string;

const BEGIN = '<<<<<<< yours';
const BASE = '||||||| generated before';
const MIDDLE = '=======';
const END = '>>>>>>> generated now';

/** Whether a text has a mark of a conflict that nobody has solved, or solved only half, of this tool or of git. */
export function hasConflict(text: string): boolean {
  return /^(<{7}|\|{7}|>{7}) /m.test(text);
}

/**
 * Merges three texts: generated before, edited by the owner, generated now. If both sides changed the same or adjacent
 * lines, both versions stand in the text between marks.
 *
 * @param path its extension tells the language that the result must still parse in, if the owner's text does
 */
export function mergeTexts(path: string, before: string, yours: string, now: string, explain: Explain): Merge {
  const merged = mergeLines(before, yours, now, explain);
  if (merged.conflicts > 0 || parses(path, merged.text) || !parses(path, yours) || !parses(path, now)) {
    return merged;
  }
  // Each change is sound by itself, and they are not together.
  return { text: mark(yours, before, now, explain), conflicts: 1 };
}

function mergeLines(before: string, yours: string, now: string, explain: Explain): Merge {
  let conflicts = 0;
  const parts = diff3MergeRegions(toLines(yours), toLines(before), toLines(now)).map((region) => {
    if (region.stable) {
      return region.bufferContent.join('');
    }
    const { aContent, oContent, bContent } = region;
    const [own, base, generated] = [aContent.join(''), oContent.join(''), bContent.join('')];
    if (own === generated) {
      return own;
    }
    conflicts += 1;
    return mark(own, base, generated, explain);
  });
  return { text: joinParts(parts), conflicts };
}

/** Both versions of a place, between marks that stand on lines of their own. */
function mark(yours: string, before: string, now: string, explain: Explain): string {
  const lines = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
  return `${BEGIN}\n${lines(yours)}${BASE}\n${lines(before)}${MIDDLE}\n${lines(now)}${END}: ${explain(before, now)}\n`;
}

/** A mark begins on a line of its own, also after a text whose last line has no end. */
function joinParts(parts: readonly string[]): string {
  return parts.reduce(
    (text, part) => (text !== '' && !text.endsWith('\n') && part !== '' ? `${text}\n${part}` : text + part),
    '',
  );
}

/** Lines with their ends. */
function toLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

const PARSERS: readonly { readonly name: RegExp; readonly parse: (text: string) => boolean }[] = [
  {
    name: /\.json$/,
    parse: (text) => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    },
  },
  {
    name: /\.ya?ml$/,
    parse: (text) => {
      // Loaded on demand: every start would wait for it.
      const { parseDocument } = require('yaml') as typeof import('yaml');
      return parseDocument(text, { logLevel: 'silent' }).errors.length === 0;
    },
  },
  // There is no parser at hand for these languages; a check of nesting finds the errors of a merge.
  { name: /\.(tf|hcl)$/, parse: (text) => isNested(text, true) },
  { name: /\.[cm]?[jt]s$/, parse: (text) => isNested(text, false) },
  { name: /\.py$/, parse: isIndented },
];

const STRINGS_AND_COMMENTS = /"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])*'|`(\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|(\/\/|#).*/g;
const BRACKET_OR_ATTRIBUTE = /[()[\]{}]|^[ \t]*([\w-]+)(?=[ \t]*=(?![=>]))/gm;
const OPENED_BY: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * Whether brackets are closed in the order in which they were opened.
 *
 * @param once whether an attribute may stand only once between two brackets
 */
function isNested(text: string, once: boolean): boolean {
  const open = [{ bracket: '', attributes: new Set<string>() }];
  for (const [token, attribute] of text.replace(STRINGS_AND_COMMENTS, '').matchAll(BRACKET_OR_ATTRIBUTE)) {
    const opener = OPENED_BY[token];
    if (attribute !== undefined) {
      const { attributes } = open.at(-1)!;
      if (once && attributes.has(attribute)) return false;
      attributes.add(attribute);
    } else if (opener === undefined) {
      open.push({ bracket: token, attributes: new Set() });
    } else if (open.pop()!.bracket !== opener) {
      return false;
    }
  }
  return open.length === 1;
}

const PYTHON_STRINGS = /("""|''')(?:\\[\s\S]|(?!\1)[^\\])*\1|"(\\[\s\S]|[^"\\\n])*"|'(\\[\s\S]|[^'\\\n])*'|#.*/g;
/** Clauses of Python, and the ones that each may follow at its own indentation. */
const CLAUSES: ReadonlyMap<string, readonly string[]> = new Map([
  ['elif', ['if', 'elif']],
  ['else', ['if', 'elif', 'for', 'while', 'except']],
  ['except', ['try', 'except']],
  ['finally', ['try', 'except', 'else']],
]);

/** Whether lines of Python are indented only after a colon, return to an earlier level, and no `try` is alone. */
function isIndented(text: string): boolean {
  const lines = toStatements(text.replace(PYTHON_STRINGS, (token) => (token.startsWith('#') ? '' : '0')));
  if (lines === undefined) return false;
  /** Blocks that a line is in, each with the word that its statement before began with. */
  const blocks = [{ indent: '', before: '' }];
  const close = () => blocks.pop()!.before !== 'try';
  let opens = false;
  for (const line of lines) {
    const [, indent = '', word = ''] = /^([ \t]*)(?:async +)?(\w*)/.exec(line)!;
    const isDeeper = indent.length > blocks.at(-1)!.indent.length;
    if (isDeeper !== opens) return false;
    if (isDeeper) blocks.push({ indent, before: '' });
    while (blocks.length > 1 && indent.length < blocks.at(-1)!.indent.length) if (!close()) return false;
    const block = blocks.at(-1)!;
    const after = CLAUSES.get(word);
    if (indent !== block.indent || !(after ? after.includes(block.before) : block.before !== 'try')) return false;
    block.before = word;
    opens = line.endsWith(':');
  }
  return !opens && blocks.every(({ before }) => before !== 'try');
}

/** Statements, of one line each, of Python without strings and comments; nothing if brackets do not match. */
function toStatements(text: string): string[] | undefined {
  const open: string[] = [];
  const joined = text.replace(/\r|\\\r?\n/g, ' ').replace(/["'()[\]{}\n]/g, (token) => {
    const opener = OPENED_BY[token];
    if (token === '\n') return open.length === 0 ? token : ' ';
    // A remaining quote is a string without an end.
    if (opener === undefined || open.at(-1) !== opener) open.push(token);
    else open.pop();
    return token;
  });
  return open.length === 0 ? joined.split('\n').flatMap((line) => line.trimEnd() || []) : undefined;
}

function parses(path: string, text: string): boolean {
  return PARSERS.find(({ name }) => name.test(path))?.parse(text) ?? true;
}
