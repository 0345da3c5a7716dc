/** Input of the Query protocol: a text, a map, or a list (of `member.N`). */
export type QueryInput = string | QueryInput[] | { [name: string]: QueryInput };

/** Parameters such as `Tags.member.1.Key=a` as nested data. */
export function parseQuery(body: string): Record<string, QueryInput> {
  const tree: Branch = {};
  for (const [path, value] of new URLSearchParams(body)) {
    const steps = path.split('.');
    const last = steps.pop()!;
    let branch = tree;
    for (const step of steps) {
      branch[step] ??= {};
      branch = branch[step] as Branch;
    }
    branch[last] = value;
  }
  return Object.fromEntries(Object.entries(tree).map(([name, member]) => [name, withLists(member)]));
}

type Branch = { [name: string]: string | Branch };

function withLists(value: string | Branch): QueryInput {
  if (typeof value === 'string') return value;
  const { member } = value;
  if (member !== undefined && typeof member !== 'string') {
    return Object.keys(member)
      .sort((left, right) => Number(left) - Number(right))
      .map((index) => withLists(member[index]!));
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withLists(inner)]));
}

/** Output of a call: undefined members are left out, lists are of `member`. */
export type QueryOutput =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly QueryOutput[]
  | { readonly [name: string]: QueryOutput };

export function answerText(action: string, result: QueryOutput, requestId: string): string {
  const xmlns = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';
  const metadata = element('ResponseMetadata', { RequestId: requestId });
  return `<${action}Response xmlns="${xmlns}">${element(`${action}Result`, result ?? {})}${metadata}</${action}Response>`;
}

export function errorText(code: string, message: string, requestId: string): string {
  const error = { Type: 'Sender', Code: code, Message: message };
  return `<ErrorResponse>${element('Error', error)}${element('RequestId', requestId)}</ErrorResponse>`;
}

function element(name: string, value: QueryOutput): string {
  if (value === undefined) return '';
  return `<${name}>${content(value)}</${name}>`;
}

function content(value: QueryOutput): string {
  if (value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((member) => element('member', member as QueryOutput)).join('');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, member]) => element(name, member as QueryOutput))
      .join('');
  }
  return escapeXml(String(value));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => ESCAPES[character]!);
}
