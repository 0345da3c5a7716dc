import { awsClients } from '../../src/rehearsal/clients';
import { DEFAULT_REGION, type Emulator } from '../../src/rehearsal/emulator';
import { READERS } from './account-readers';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** By a name that says its kind: what the AWS API tells of each resource, in a form that has no accident in it. */
export type ReadAccount = Readonly<Record<string, Json>>;

/** One place in which two accounts are not the same; undefined: it is not there. */
export interface Difference {
  /** `resource: path.of.members`, or only the resource where one account has none such. */
  readonly where: string;
  readonly first: Json | undefined;
  readonly second: Json | undefined;
}

/** Members that tell when something was, or count what has happened. */
const DROPPED: ReadonlySet<string> = new Set([
  '$metadata',
  'CreateDate',
  'CreatedAt',
  'IssuedAt',
  'NotAfter',
  'NotBefore',
  'RoleLastUsed',
  'createdAt',
  'creationTime',
  'deregisteredAt',
  'events',
  'lastEvaluatedAt',
  'registeredAt',
  'updatedAt',
]);

/** Lists that have an order; all others are sets. */
const ORDERED: ReadonlySet<string> = new Set(['command', 'entryPoint']);

/** Members that name the entry of a list which has them, so that the list is one by name. */
const NAMING = ['Sid', 'Key', 'key', 'name'];

/**
 * What the AWS API tells of every resource of each kind that a deployment makes, whoever made it, with all members of its
 * answers. What AWS made up is replaced by the name of the resource that has it, so that accounts can be compared; dates
 * are left out, sets are sorted, policies are read, and what has a name stands under it.
 *
 * @throws Error where two resources have one name, or what AWS made up is too short to be told from other text
 */
export async function readAccount(
  emulator: Pick<Emulator, 'url'>,
  region: string = DEFAULT_REGION,
): Promise<ReadAccount> {
  const clients = awsClients(emulator, region);
  const answers = (await Promise.all(READERS.map((read) => read(clients)))).flat();
  const labels = answers.flatMap(({ name, generated }) =>
    generated.filter((text) => text !== undefined).map((text): [string, string] => [text, `⟨${name}⟩`]),
  );
  const short = labels.filter(([text]) => text.length < 8);
  if (short.length > 0) throw new Error(`Not to be told from other text: ${short.join('; ')}`);
  // The longest first: one may be a part of another.
  labels.sort(([a], [b]) => b.length - a.length);
  const replaced = (text: string) => labels.reduce((result, [made, label]) => result.replaceAll(made, label), text);
  // Twice, since a label may have in it what was made up for another resource: a group's has its VPC.
  const named = (text: string) => replaced(replaced(text));
  const account: Record<string, Json> = {};
  for (const { name, told } of answers) {
    if (told === undefined) continue;
    const key = named(name);
    if (key in account) throw new Error(`Two resources are called ${key}`);
    account[key] = normalise(told, named);
  }
  return account;
}

/** Where two accounts are not the same, by name of the resource. */
export function differences(first: ReadAccount, second: ReadAccount): Difference[] {
  return namesOf(first, second).flatMap((name) =>
    compare(first[name], second[name]).map(({ where, ...values }) => ({
      where: where === '' ? name : `${name}: ${where.replace(/^\./, '')}`,
      ...values,
    })),
  );
}

function compare(first: Json | undefined, second: Json | undefined, where = ''): Difference[] {
  if (isRecord(first) && isRecord(second)) {
    return namesOf(first, second).flatMap((name) => compare(first[name], second[name], `${where}.${name}`));
  }
  if (isList(first) && isList(second) && first.length === second.length) {
    return first.flatMap((entry, index) => compare(entry, second[index], `${where}[${index}]`));
  }
  return JSON.stringify(first) === JSON.stringify(second) ? [] : [{ where, first, second }];
}

function normalise(value: unknown, named: (text: string) => string, member = ''): Json {
  if (typeof value === 'string') {
    const document = documentIn(value);
    return document === undefined ? named(value) : withoutListsOfOne(normalise(document, named));
  }
  if (Array.isArray(value)) {
    const entries = value.map((entry) => normalise(entry, named));
    if (ORDERED.has(member)) return entries;
    const naming = NAMING.find(
      (key) => entries.length > 0 && entries.every((entry) => isRecord(entry) && key in entry),
    );
    if (!naming) return entries.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    const byName = entries.map((entry): [string, Json] => {
      const { [naming]: name, ...rest } = entry as Readonly<Record<string, Json>>;
      return [String(name), rest];
    });
    if (new Set(byName.map(([name]) => name)).size < byName.length) throw new Error(`${member} has a name twice`);
    return inOrder(byName);
  }
  if (typeof value === 'object' && value !== null) {
    if (value instanceof Date) throw new Error(`${member} is a date: say that it is left out`);
    const members = Object.entries(value).filter(([name, inner]) => !DROPPED.has(name) && inner !== undefined);
    return inOrder(members.map(([name, inner]) => [named(name), normalise(inner, named, name)]));
  }
  return (value ?? null) as Json;
}

/** A policy as an API returns it: JSON, which IAM encodes as for a URL. */
function documentIn(text: string): unknown {
  return /^(\{\s*"|%7B)/.test(text) ? JSON.parse(text.startsWith('%') ? decodeURIComponent(text) : text) : undefined;
}

/** In a policy, a list of one means the same as the one. */
function withoutListsOfOne(value: Json): Json {
  if (isList(value)) return value.length === 1 ? withoutListsOfOne(value[0]!) : value.map(withoutListsOfOne);
  if (!isRecord(value)) return value;
  return inOrder(Object.entries(value).map(([name, inner]) => [name, withoutListsOfOne(inner)]));
}

function inOrder(entries: readonly (readonly [string, Json])[]): Record<string, Json> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function namesOf(...records: readonly object[]): string[] {
  return [...new Set(records.flatMap(Object.keys))].sort();
}
