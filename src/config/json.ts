import { type Node, type ParseError, ParseErrorCode, parseTree } from 'jsonc-parser';

/** A value, or why there is none. */
export type Parsed =
  | { readonly value: unknown; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string };

/** The value of a JSON text, in which each key stands once. Errors have line and column, from 1. */
export function jsonValue(text: string, relaxed: boolean): Parsed {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: !relaxed, allowTrailingComma: relaxed });
  const [error] = errors;
  if (error || !root) {
    return { problem: `is not JSON: ${explainParseError(text, error)}` };
  }
  const twice = findTwice(root);
  return twice === undefined
    ? { value: toValue(root) }
    : { problem: `names a key twice: ${placeAt(text, twice.offset)}: ${describe(twice)}; keep one of the two` };
}

/** Reason why a text is not JSON; undefined if it is. */
export function jsonProblem(text: string): string | undefined {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  return errors.length === 0 ? undefined : `is not JSON: ${explainParseError(text, errors[0])}`;
}

const EXPLANATIONS: Partial<Record<ParseErrorCode, string>> = {
  [ParseErrorCode.CloseBraceExpected]: 'a } is missing',
  [ParseErrorCode.CloseBracketExpected]: 'a ] is missing',
  [ParseErrorCode.ColonExpected]: 'a colon is missing after the key',
  [ParseErrorCode.EndOfFileExpected]: 'there is more after the end of the object',
  [ParseErrorCode.InvalidCharacter]: 'a text must not have a control character, such as a tab; write \\t',
  [ParseErrorCode.InvalidCommentToken]: 'this file takes no comments, for programs read it that know none; remove it',
  [ParseErrorCode.InvalidEscapeCharacter]:
    'a backslash must be followed by one of " \\ / b f n r t u; write \\\\ for itself',
  [ParseErrorCode.InvalidUnicode]: '\\u must be followed by four hexadecimal digits',
  [ParseErrorCode.PropertyNameExpected]:
    'a key in double quotes is missing; a comma must not be the last of a list or object',
  [ParseErrorCode.UnexpectedEndOfComment]: 'a comment has no end',
  [ParseErrorCode.UnexpectedEndOfString]: 'a text has no end: its closing double quote is missing',
  [ParseErrorCode.ValueExpected]: 'a value is missing; a comma must not be the last of a list or object',
};

function explainParseError(text: string, error: ParseError | undefined): string {
  if (!error) {
    return 'it says nothing';
  }
  const { error: code, offset, length } = error;
  const found = text.slice(offset, offset + length).split('\n')[0]!;
  const afterZero =
    code === ParseErrorCode.CommaExpected && /[[:,\s]-?0$/.test(text.slice(0, offset)) && /\d/.test(found);
  const words = afterZero
    ? 'a number must not begin with 0; put an id in quotes'
    : code === ParseErrorCode.InvalidSymbol
      ? `${found} must stand in double quotes`
      : code === ParseErrorCode.CommaExpected
        ? `a comma is missing before ${found}`
        : (EXPLANATIONS[code] ?? `${found} is not expected`);
  return `${placeAt(text, offset)}: ${words}`;
}

function placeAt(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** The first key that an object has already. */
function findTwice(node: Node): Node | undefined {
  const keys = new Set<unknown>();
  for (const child of node.children ?? []) {
    const key = child.type === 'property' ? child.children![0]! : undefined;
    if (key && keys.has(key.value)) return key;
    if (key) keys.add(key.value);
    const inner = findTwice(child);
    if (inner) return inner;
  }
  return undefined;
}

function describe({ value }: Node): string {
  return JSON.stringify(value);
}

function toValue({ type, value, children = [] }: Node): unknown {
  switch (type) {
    case 'array':
      return children.map(toValue);
    case 'object':
      // An own property of any name: `__proto__` is a wrong key like any other.
      return Object.fromEntries(children.map(({ children: pair }) => [pair![0]!.value, toValue(pair![1]!)]));
    default:
      return value;
  }
}
