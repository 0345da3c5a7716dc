/** An API of AWS by its protocol: Query, which has versions, or JSON, whose calls have a prefix. */
export interface Api {
  /** Name of the service that its requests are signed for. */
  readonly signedAs: string;
  /** Version of an API with the Query protocol. */
  readonly version?: string;
  /** Prefix of a call of the JSON protocol, such as `AWSEvents`. */
  readonly target?: string;
}

/** A value in an answer. In one of the Query protocol, each scalar is a text, and an empty list, too. */
export type AnswerValue =
  | string
  | number
  | boolean
  | null
  | readonly AnswerValue[]
  | { readonly [name: string]: AnswerValue };

/**
 * Calls a service for which the project has no client of the SDK: nothing of its parameters is checked before.
 *
 * @throws Error with AWS's message if it is refused
 */
export type PlainCall = (
  api: Api,
  action: string,
  parameters?: Readonly<Record<string, unknown>>,
) => Promise<{ readonly [name: string]: AnswerValue }>;

export function plainClient(url: string, region: string): PlainCall {
  return async ({ signedAs, version = '', target }, action, parameters = {}) => {
    const credential = `emulator/20260101/${region}/${signedAs}/aws4_request`;
    const Authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=none`;
    const response = await fetch(url, {
      method: 'POST',
      ...(target === undefined
        ? {
            headers: { Authorization },
            body: new URLSearchParams({ Action: action, Version: version, ...flatten(parameters) }),
          }
        : {
            headers: {
              Authorization,
              'Content-Type': 'application/x-amz-json-1.1',
              'X-Amz-Target': `${target}.${action}`,
            },
            body: JSON.stringify(parameters),
          }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(messageIn(text) ?? `${action}: ${response.status}`);
    if (target !== undefined) return JSON.parse(text || '{}');
    const answer = parseXml(text) as Record<string, Record<string, AnswerValue>>;
    // A call that answers nothing has no result.
    return (answer[`${action}Response`]?.[`${action}Result`] as Record<string, AnswerValue>) ?? {};
  };
}

/** The members of a list in an answer; none where it is absent or empty. */
export function membersOf(value: AnswerValue | undefined): readonly { readonly [name: string]: AnswerValue }[] {
  return Array.isArray(value) ? value : [];
}

function messageIn(text: string): string | undefined {
  const [, inXml, inJson] = /<Message>([\s\S]*?)<\/Message>|"[Mm]essage":\s*"((?:[^"\\]|\\.)*)"/.exec(text) ?? [];
  return inXml ?? inJson;
}

/** As the Query protocol names nested parameters: `Dimensions.member.1.Name`. */
export function flatten(value: unknown, prefix = ''): Record<string, string> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null) return { [prefix]: String(value) };
  const members: [string, unknown][] = Array.isArray(value)
    ? value.map((member, index): [string, unknown] => [`member.${index + 1}`, member])
    : Object.entries(value);
  return Object.assign({}, ...members.map(([key, member]) => flatten(member, prefix ? `${prefix}.${key}` : key)));
}

const TEXTS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** XML as the Query protocol answers: without mixed content, and with nothing in its attributes. */
export function parseXml(xml: string): AnswerValue {
  const tokens = xml.matchAll(/<(\/?)([\w.-]+)[^<>]*?(\/?)>([^<]*)/g);
  const content = (text: string): [AnswerValue, string] => {
    const children: [string, AnswerValue][] = [];
    for (let next = tokens.next(); !next.done; next = tokens.next()) {
      const [, closes, name, isEmpty, after] = next.value as unknown as [string, string, string, string, string];
      if (closes) return [children.length > 0 ? together(children) : unescaped(text), after];
      children.push([name, isEmpty ? '' : content(after)[0]]);
    }
    return [together(children), ''];
  };
  return content('')[0];
}

/** A list has members that are all called so; maps are lists of entries. */
function together(children: readonly [string, AnswerValue][]): AnswerValue {
  const isList = children.every(([name]) => name === 'member' || name === 'entry');
  return isList ? children.map(([, value]) => value) : Object.fromEntries(children);
}

function unescaped(text: string): string {
  return text.replace(/&(?:#(x?)([\da-f]+)|(\w+));/gi, (whole, hex: string, code: string, name: string) =>
    code === undefined ? (TEXTS[name] ?? whole) : String.fromCodePoint(Number.parseInt(code, hex ? 16 : 10)),
  );
}
