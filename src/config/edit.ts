import { applyEdits, type FormattingOptions, modify, type Node, parseTree } from 'jsonc-parser';

import type { Path } from './paths';

/** One answer to set; undefined takes it away. */
export interface Edit {
  readonly path: Path;
  readonly value: unknown;
}

/** The text of a JSON file with some values set, and everything else as its owner wrote it. */
export function editJson(text: string, edits: readonly Edit[]): string {
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? '  ';
  const formattingOptions: FormattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  return edits.reduce(
    (current, { path, value }) => applyEdits(current, modify(current, [...path], value, { formattingOptions })),
    text,
  );
}

/**
 * The text of a JSON object with one member set, and not a space changed elsewhere: a new one is laid out as the one
 * before it. Of a key that stands twice the last counts, as it does for JSON.parse.
 *
 * @param path keys of objects; those that are missing are made
 * @param value undefined takes the member away
 */
export function editMember(text: string, path: readonly string[], value: unknown): string {
  const [folders, name] = [path.slice(0, -1), path.at(-1)!];
  const mark = /^\uFEFF?/.exec(text)![0];
  const json = text.slice(mark.length);
  const parent = folders.reduce<Node | undefined>(
    (node, key) => (node ? memberOf(node, key)?.children?.[1] : undefined),
    parseTree(json),
  );
  const member = parent && memberOf(parent, name);
  if (value === undefined) {
    return member ? editMember(mark + without(json, parent, member), path, undefined) : text;
  }
  if (!parent) {
    return editMember(editMember(text, folders, {}), path, value);
  }
  const written = JSON.stringify(value);
  return mark + (member ? splice(json, member.children![1]!, written) : withMember(json, parent, name, written));
}

function memberOf(object: Node, key: string): Node | undefined {
  return object.children?.findLast(({ type, children }) => type === 'property' && children![0]!.value === key);
}

function without(text: string, { offset, length, children = [] }: Node, member: Node): string {
  const index = children.indexOf(member);
  const [before, after] = [children[index - 1], children[index + 1]];
  const [from, to] = before
    ? [endOf(before), endOf(member)]
    : after
      ? [member.offset, after.offset]
      : [offset + 1, offset + length - 1];
  return text.slice(0, from) + text.slice(to);
}

function withMember(text: string, object: Node, name: string, value: string): string {
  const last = object.children?.at(-1);
  if (last) {
    return insert(text, endOf(last), `,${gapBefore(text, last)}${JSON.stringify(name)}${colonOf(text, last)}${value}`);
  }
  const holder = object.parent;
  const outside = holder ? gapBefore(text, holder) : text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? '  ';
  const [inside, end] = outside.includes('\n') ? [outside + indent, outside] : ['', ''];
  const colon = holder ? colonOf(text, holder) : ': ';
  return splice(text, object, `{${inside}${JSON.stringify(name)}${colon}${value}${end}}`);
}

/** The space before a member, from the end of the line before it on. */
function gapBefore(text: string, { offset }: Node): string {
  return /(\r?\n)?[ \t]*$/.exec(text.slice(0, offset))![0];
}

function colonOf(text: string, { children }: Node): string {
  const [key, value] = children!;
  return text.slice(endOf(key!), value!.offset);
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

function insert(text: string, at: number, content: string): string {
  return text.slice(0, at) + content + text.slice(at);
}

function splice(text: string, node: Node, content: string): string {
  return text.slice(0, node.offset) + content + text.slice(endOf(node));
}
