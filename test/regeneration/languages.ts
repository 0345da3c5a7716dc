import { parse as parseHcl } from '@cdktf/hcl2json';
import ts from 'typescript';
import { parseDocument } from 'yaml';

import { sha256 } from '../../src/project/base';

/** How a language is written, for edits, and how it is read. */
export interface Language {
  /** A comment of one line; absent where there are none. */
  readonly comment?: (text: string) => string;
  /** Lines that may stand between any two paragraphs of a file; the names in it are as unique as the text. */
  readonly paragraph?: (text: string) => string;
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
    name: /\.md$/,
    comment: (text) => `<!-- ${text} -->`,
    paragraph: (text) => `## ${text}\n\n- ${text}\n`,
    parses: () => true,
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
