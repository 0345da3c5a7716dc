import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { parse as parseHcl } from '@cdktf/hcl2json';
import { type ParseError, parse as parseJsonc } from 'jsonc-parser';
import ts from 'typescript';
import { parseDocument } from 'yaml';

import { sha256 } from '../../src/project/merge-base';

/** How a language is written, for edits, and how it is read. */
export interface Language {
  /** A comment of one line; absent where there are none. */
  readonly comment?: (text: string) => string;
  /** Lines that may stand between any two paragraphs of a file; the names in it are as unique as the text. */
  readonly paragraph?: (text: string) => string;
  /** Lines before and after some lines that then are a block, and how these are indented; absent where any may be. */
  readonly block?: { readonly before: string; readonly indent: string; readonly after: string };
  readonly parses: (name: string, text: string) => boolean | Promise<boolean>;
}

const word = (text: string) => text.replaceAll(' ', '_');

const HCL: Language = {
  comment: (text) => `# ${text}`,
  paragraph: (text) => `locals {\n  ${word(text)} = {\n    a = "}"\n  }\n}\n`,
  parses: (name, text) => isResolved(parseHcl(name.replace(/\.\w+$/, '.tf'), text)),
};
const SCRIPT: Language = {
  comment: (text) => `// ${text}`,
  paragraph: (text) => `export function ${word(text)}() {\n  return [{ a: 1 }, 2];\n}\n`,
  block: { before: '{', indent: '  ', after: '}' },
  parses: (name, text) => {
    const { parseDiagnostics } = ts.createSourceFile(name, text, ts.ScriptTarget.Latest) as ts.SourceFile & {
      readonly parseDiagnostics: readonly unknown[];
    };
    return parseDiagnostics.length === 0;
  },
};
const LANGUAGES: readonly (Language & { readonly name: RegExp })[] = [
  { name: /\.(tf|hcl)$/, ...HCL },
  { name: /\.[cm]?[jt]s$/, ...SCRIPT },
  {
    name: /\.ya?ml$/,
    comment: (text) => `# ${text}`,
    parses: (_, text) => parseDocument(text, { logLevel: 'silent' }).errors.length === 0,
  },
  { name: /\.json$/, parses: (_, text) => doesNotThrow(() => JSON.parse(text)) },
  {
    name: /\.json5$/,
    comment: (text) => `// ${text}`,
    parses: (_, text) => {
      const errors: ParseError[] = [];
      parseJsonc(text, errors, { allowTrailingComma: true });
      return errors.length === 0;
    },
  },
  {
    name: /\.md$/,
    comment: (text) => `<!-- ${text} -->`,
    paragraph: (text) => `## ${text}\n\n- ${text}\n`,
    parses: () => true,
  },
  {
    name: /\.py$/,
    comment: (text) => `# ${text}`,
    paragraph: (text) => `def ${word(text)}():\n    return [{"a": 1}, 2]\n\n`,
    block: { before: 'try:', indent: '    ', after: 'finally:\n    pass' },
    parses: (_, text) => parsesPython(text),
  },
  {
    name: /\.sh$/,
    comment: (text) => `# ${text}`,
    block: { before: '{', indent: '  ', after: '}' },
    parses: (_, text) => spawnSync('bash', ['-n'], { input: text }).status === 0,
  },
  { name: /./, comment: (text) => `# ${text}`, parses: () => true },
];

/** The language of a file, by its name. */
export function languageOf(path: string): Language {
  return LANGUAGES.find(({ name }) => name.test(path))!;
}

const parsed = new Map<string, boolean>();

/** Whether a text is one of its language. */
export async function parses(path: string, content: Buffer): Promise<boolean> {
  const key = `${/\.\w+$/.exec(path)?.[0]} ${sha256(content)}`;
  const known = parsed.get(key);
  if (known !== undefined) {
    return known;
  }
  const result = await languageOf(path).parses(path.split('/').at(-1)!, content.toString());
  parsed.set(key, result);
  return result;
}

const PYTHON = join(__dirname, 'parses.py');
/** One process for all, for its start takes longer than what it does. */
let parsesPython = (text: string): Promise<boolean> => {
  const python = spawn('python3', [PYTHON], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: { resolve: (parses: boolean) => void; reject: (error: Error) => void }[] = [];
  const end = (error: Error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  python.on('error', end).on('exit', () => end(new Error('python3 ended')));
  createInterface({ input: python.stdout }).on('line', (line) => waiting.shift()!.resolve(line === 'true'));
  parsesPython = (text) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      python.stdin.write(`${JSON.stringify(text)}\n`);
    });
  return parsesPython(text);
};

async function isResolved(promise: Promise<unknown>): Promise<boolean> {
  try {
    await promise;
    return true;
  } catch {
    return false;
  }
}

function doesNotThrow(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
