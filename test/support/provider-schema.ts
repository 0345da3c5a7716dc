import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@cdktf/hcl2json';
import ts from 'typescript';

/** A file of HCL. */
export interface HclFile {
  readonly path: string;
  readonly content: string;
}

/** What an attribute or a block may be. */
type Kind =
  | 'string'
  | 'number'
  | 'boolean'
  | { readonly list: Kind }
  | { readonly map: Kind }
  /** Blocks of an interface: any number of them, or one. */
  | { readonly blocks: string; readonly many: boolean };

interface Argument {
  readonly isRequired: boolean;
  readonly kind: Kind;
}

/** Arguments of an interface by their names in HCL. */
type Interface = ReadonlyMap<string, Argument>;
type Interfaces = ReadonlyMap<string, Interface>;
type Body = Readonly<Record<string, unknown>>;

const BINDINGS = join(__dirname, '../../node_modules/@cdktf/provider-aws');
/** Arguments that Terraform itself takes in a block of a resource or a data source. */
const META = ['count', 'for_each', 'depends_on', 'lifecycle', 'provider'];
const EXPRESSION = /\$\{/;

/** Version of the provider whose schema this is. Source: `@cdktf/provider-aws`, generated from the provider's own schema. */
export function providerVersion(): string {
  const source = readFileSync(join(BINDINGS, 'lib/provider/index.js'), 'utf8');
  return /providerVersion: '([\d.]+)'/.exec(source)![1]!;
}

/**
 * What is wrong with the resources, data sources and provider blocks of HCL files, by the schema of AWS's provider: arguments that
 * there are not, that are missing, or of another type. An expression may be of any type.
 */
export async function schemaProblems(files: readonly HclFile[]): Promise<string[]> {
  const documents = await Promise.all(files.map(({ path, content }) => parse(path, content)));
  return documents.flatMap((document) => {
    const { resource = {}, data = {}, provider = {} } = document as Record<string, Record<string, unknown>>;
    return [
      ...typed(resource, '', folderOfResource),
      ...typed(data, 'data.', (type) => kebab(`data_${type}`)),
      ...((provider.aws as Body[] | undefined) ?? []).flatMap((body) =>
        problemsOf('provider', 'AwsProviderConfig', body, 'provider.aws'),
      ),
    ];
  });
}

/** Names of the arguments and blocks that a resource of this type takes. */
export function argumentsOf(type: string): string[] {
  const folder = folderOfResource(type);
  return [
    ...(interfacesOf(folder)
      ?.get(`${pascal(folder)}Config`)
      ?.keys() ?? []),
  ];
}

function folderOfResource(type: string): string {
  return kebab(type.replace(/^aws_/, ''));
}

/** @param folderOf the folder of a type's binding */
function typed(byType: Readonly<Record<string, unknown>>, place: string, folderOf: (type: string) => string): string[] {
  return Object.entries(byType).flatMap(([type, byName]) => {
    const folder = folderOf(type);
    return Object.entries(byName as Record<string, Body[]>).flatMap(([name, bodies]) =>
      bodies.flatMap((body) => problemsOf(folder, `${pascal(folder)}Config`, body, `${place}${type}.${name}`)),
    );
  });
}

function problemsOf(folder: string, name: string, body: Body, place: string): string[] {
  const interfaces = interfacesOf(folder);
  return interfaces ? blockProblems(interfaces, name, withoutMeta(body), place) : [`${place}: there is no such type`];
}

function withoutMeta(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !META.includes(name)));
}

function blockProblems(interfaces: Interfaces, name: string, body: Body, place: string): string[] {
  const known = interfaces.get(name)!;
  const { dynamic = {}, ...fixed } = body;
  const given: Body = { ...fixed, ...dynamicBlocks(dynamic as Dynamic) };
  const missing = [...known].filter(([key, { isRequired }]) => isRequired && given[key] === undefined);
  return [
    ...missing.map(([key]) => `${place}: ${key} is missing`),
    ...Object.entries(given).flatMap(([key, value]) => {
      const argument = known.get(key);
      return argument
        ? valueProblems(interfaces, argument.kind, value, `${place}.${key}`)
        : [`${place}: there is no ${key}`];
    }),
  ];
}

type Dynamic = Readonly<Record<string, readonly { readonly content: readonly unknown[] }[]>>;

/** Blocks that are made for each of something: what each of them has. */
function dynamicBlocks(dynamic: Dynamic): Body {
  return Object.fromEntries(
    Object.entries(dynamic).map(([key, blocks]) => [key, blocks.flatMap(({ content }) => content)]),
  );
}

function valueProblems(interfaces: Interfaces, kind: Kind, value: unknown, place: string): string[] {
  if (typeof value === 'string' && EXPRESSION.test(value)) {
    return [];
  }
  if (typeof kind === 'string') {
    // Terraform makes one scalar of another by itself. The modules write what it is.
    return typeof value === kind ? [] : [`${place} must be a ${kind}, not ${JSON.stringify(value)}`];
  }
  if ('map' in kind) {
    return isBody(value)
      ? Object.entries(value).flatMap(([key, inner]) => valueProblems(interfaces, kind.map, inner, `${place}.${key}`))
      : [`${place} must be a map, not ${JSON.stringify(value)}`];
  }
  if (!Array.isArray(value)) {
    return [`${place} must be ${'list' in kind ? 'a list' : 'a block'}, not ${JSON.stringify(value)}`];
  }
  if ('list' in kind) {
    return value.flatMap((inner, index) => valueProblems(interfaces, kind.list, inner, `${place}[${index}]`));
  }
  const once = value.length > 1 && !kind.many ? [`${place} may stand once, not ${value.length} times`] : [];
  return [...once, ...value.flatMap((inner) => blockProblems(interfaces, kind.blocks, inner as Body, place))];
}

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const READ = new Map<string, Interfaces | undefined>();

/** The interfaces of a binding; undefined if the provider has no such type. */
function interfacesOf(folder: string): Interfaces | undefined {
  if (!READ.has(folder)) {
    READ.set(folder, readInterfaces(folder));
  }
  return READ.get(folder);
}

function readInterfaces(folder: string): Interfaces | undefined {
  const path = join(BINDINGS, 'lib', folder, 'index.d.ts');
  const text = ts.sys.readFile(path);
  if (text === undefined) {
    return undefined;
  }
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return new Map(
    source.statements
      .filter(ts.isInterfaceDeclaration)
      .map((declaration) => [
        declaration.name.text,
        new Map(
          declaration.members
            .filter(ts.isPropertySignature)
            .map((member) => [
              snake((member.name as ts.Identifier).text),
              { isRequired: member.questionToken === undefined, kind: kindOf(member.type!) },
            ]),
        ),
      ]),
  );
}

/** @throws Error for a type that no binding had so far, so that none is passed over */
function kindOf(type: ts.TypeNode): Kind {
  const [first] = ts.isUnionTypeNode(type)
    ? type.types.filter((one) => !(ts.isTypeReferenceNode(one) && ts.isQualifiedName(one.typeName)))
    : [type];
  switch (first?.kind) {
    case ts.SyntaxKind.StringKeyword:
      return 'string';
    case ts.SyntaxKind.NumberKeyword:
      return 'number';
    case ts.SyntaxKind.BooleanKeyword:
      return 'boolean';
    default:
  }
  if (first && ts.isTypeLiteralNode(first)) {
    const [index] = first.members;
    return { map: kindOf((index as ts.IndexSignatureDeclaration).type) };
  }
  if (first && ts.isArrayTypeNode(first)) {
    const { elementType } = first;
    return ts.isTypeReferenceNode(elementType) && ts.isIdentifier(elementType.typeName)
      ? { blocks: elementType.typeName.text, many: true }
      : { list: kindOf(elementType) };
  }
  if (first && ts.isTypeReferenceNode(first) && ts.isIdentifier(first.typeName)) {
    const name = first.typeName.text;
    return name === 'Array' ? { list: kindOf(first.typeArguments![0]!) } : { blocks: name, many: false };
  }
  throw new Error(`a type of bindings that is not known here: ${first && ts.SyntaxKind[first.kind]}`);
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function kebab(name: string): string {
  return name.replace(/_/g, '-');
}

function pascal(folder: string): string {
  return folder.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
