import * as z from 'zod';

import type { Resource } from './resource';

/** Raised when the stored format changes its meaning: other names, or other forms of the same value. */
const VERSION = 1;

const schema = z.object({
  version: z.literal(VERSION),
  resources: z.array(
    z.strictObject({
      environment: z.string().min(1),
      layer: z.enum(['registry', 'service']),
      account: z.string(),
      region: z.string(),
      unit: z.string(),
      id: z.string().min(1),
      type: z.string().min(1),
      key: z.string(),
      properties: z.record(z.string(), z.json()),
    }),
  ),
});

/**
 * Resources as the text of a file: JSON, one line each, so that git can merge two of them. Equal resources, as
 * `resourcesOf` gives them, have equal text.
 */
export function formatResources(resources: readonly Resource[]): string {
  const lines = resources.map(({ environment, layer, account, region, unit, id, type, key, properties }) =>
    JSON.stringify({ environment, layer, account, region, unit, id, type, key, properties }),
  );
  return `{"version":${VERSION},"resources":[${lines.map((line) => `\n${line}`).join(',')}\n]}\n`;
}

/**
 * Resources parsed from a stored text; undefined for any other text, or another version of the format. Never throws.
 */
export function parseResources(text: string): Resource[] | undefined {
  try {
    // Parsing is within `try`, too: a deeply nested text overflows the stack.
    const { data } = schema.safeParse(JSON.parse(text));
    const identities = new Set(data?.resources.map(({ environment, layer, id }) => `${environment}\n${layer}\n${id}`));
    return identities.size === data?.resources.length ? (data.resources as Resource[]) : undefined;
  } catch {
    return undefined;
  }
}
