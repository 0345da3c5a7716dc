import { getExpressionAst, type TFExpressionSyntaxTree } from '@cdktf/hcl2json';

/** A value, or the structure of an expression: its kind as the one key of an object, e.g. `{ 'merge()': [a, b] }`. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

type Ast = TFExpressionSyntaxTree.ExpressionType;
type Meta = Record<string, string>;

/** Null inside of an expression, apart from an attribute that is null. */
const NULL = '${null}';

const parsed = new Map<string, Promise<Value>>();

/**
 * A string as JSON configuration syntax has it: text in which `${…}` is an expression. An expression comes back as its
 * structure, so that two of them are equal whatever their spaces, line breaks, comments and kinds of quotes.
 */
export function templateValue(text: string): Value | Promise<Value> {
  // A heredoc, for in it nothing has to be escaped.
  return /[$%]\{/.test(text) ? expressionValue(`<<HEREDOC\n${text}\nHEREDOC\n`) : text;
}

function expressionValue(source: string): Promise<Value> {
  const known = parsed.get(source) ?? getExpressionAst('expression.tf', source).then((ast) => readAst(ast!));
  parsed.set(source, known);
  return known;
}

/** @throws Error for a kind of expression that it does not know, so that none is taken for equal by being ignored */
async function readAst(ast: Ast): Promise<Value> {
  const reader = READERS[ast.type];
  if (!reader) {
    throw new Error(`An expression of unknown kind "${ast.type}": ${JSON.stringify(ast.meta)}`);
  }
  return reader(ast, ast.meta as unknown as Meta);
}

const READERS: Readonly<Record<string, (ast: Ast, meta: Meta) => Value | Promise<Value>>> = {
  literalValue: (_, { type, value }) =>
    type === 'string' ? value : value === 'null' ? NULL : (JSON.parse(value) as Value),
  template: templateParts,
  templateWrap: (ast) => readAst(ast.children[0]),
  // Parentheses: the structure says what they say.
  '': (ast) => readAst(ast.children[0]),
  tuple: (ast) => children(ast),
  object: objectValue,
  function: functionValue,
  for: forValue,
  conditional: async (ast) => ({ '?:': await children(ast) }),
  binaryOp: binaryValue,
  unaryOp: async (ast, { operator }) => ({ [operator]: await readAst(ast.children[0]) }),
  scopeTraversal: (_, { fullAccessor }) => `\${${fullAccessor}}`,
  relativeTraversal: async (ast, { fullAccessor }) => ({ get: fullAccessor, of: await readAst(ast.children[0]) }),
  index: async (ast) => ({ index: await children(ast) }),
  splat: (_, { value }) => `\${${value.replace(/\s/g, '')}}`,
};

function children(ast: Ast): Promise<Value[]> {
  return Promise.all(ast.children.map(readAst));
}

async function templateParts(ast: Ast, { value }: Meta): Promise<Value> {
  const isHeredoc = value.startsWith('<<');
  const parts = await Promise.all(
    ast.children.map(async (child) => {
      const part = await readAst(child);
      return child.type === 'literalValue' && typeof part === 'string' && !isHeredoc ? unescaped(part) : part;
    }),
  );
  if (isHeredoc) {
    // The line break before its end, which templateValue has added.
    parts.push((parts.pop() as string).slice(0, -1));
  }
  const [first = '', ...others] = parts.filter((part, index) => part !== '' || index === 0);
  return others.length === 0 ? first : [first, ...others].map(inTemplate).join('');
}

function inTemplate(part: Value): string {
  return typeof part === 'string' ? part : `\${${JSON.stringify(part)}}`;
}

/** HCL's escapes are those of JSON, but for `$${` and `%%{`, which are the same on both sides. */
function unescaped(source: string): string {
  return JSON.parse(`"${source}"`) as string;
}

async function objectValue(ast: Ast): Promise<Value> {
  const items = Object.entries((ast.meta as TFExpressionSyntaxTree.ObjectExpressionMeta).items);
  if (items.length * 2 !== ast.children.length) {
    throw new Error(`An object has a key twice: ${ast.meta.value}`);
  }
  const entries = items.map(async ([key, item]) => [
    key.startsWith('"') ? unescaped(key.slice(1, -1)) : key,
    await expressionValue(item),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Value;
}

async function functionValue(ast: Ast, { name, expandedFinalArgument }: Meta): Promise<Value> {
  const values = await children(ast);
  if (name === 'range' && values.every((value) => typeof value === 'number')) {
    return range(values as number[]);
  }
  return { [`${name}(${expandedFinalArgument ? '…' : ''})`]: values };
}

function range([start, limit, step]: number[]): number[] {
  return Array.from({ length: Math.ceil((limit - start) / step) }, (_, index) => start + index * step);
}

async function forValue(_: Ast, meta: Meta): Promise<Value> {
  const {
    openRangeValue,
    keyVar,
    valVar,
    collectionExpression,
    keyExpression,
    valueExpression,
    conditionalExpression,
  } = meta;
  return {
    for: `${openRangeValue}${keyVar},${valVar}${meta.groupedValue ? '…' : ''}`,
    in: await expressionValue(collectionExpression),
    ...(keyExpression && { key: await expressionValue(keyExpression) }),
    value: await expressionValue(valueExpression),
    ...(conditionalExpression && { if: await expressionValue(conditionalExpression) }),
  };
}

async function binaryValue(ast: Ast, { operator }: Meta): Promise<Value> {
  const [left, right] = await children(ast);
  return operator === 'add' && typeof left === 'number' && typeof right === 'number'
    ? left + right
    : { [operator]: [left, right] };
}
