import { tagPropertyOf } from './spec';
import type { TemplateObject, TemplateValue } from './template';

/** Tags by key, whether they are written as a list or as a map. */
export function tagsByKey(tags: TemplateValue | undefined): Record<string, TemplateValue> {
  if (!Array.isArray(tags)) return { ...(tags as TemplateObject | undefined) };
  return Object.fromEntries((tags as TemplateObject[]).map(({ Key, Value }) => [Key as string, Value!]));
}

/** Resolved properties with the tags of the stack, as the type writes them, if it has tags. Tags of its own go before these. */
export function withStackTags(
  type: string,
  properties: TemplateObject,
  ofStack: Readonly<Record<string, string>>,
): TemplateObject {
  const tagged = tagPropertyOf(type);
  if (!tagged || Object.keys(ofStack).length === 0) return properties;
  const own = properties[tagged.name];
  if (tagged.variant === 'map') return { ...properties, [tagged.name]: { ...ofStack, ...tagsByKey(own) } };
  if (tagged.variant !== 'standard') throw new Error(`The tags of ${type} are not applied here`);
  const others = Object.entries(ofStack).filter(([key]) => !(key in tagsByKey(own)));
  const list = [...((own ?? []) as TemplateValue[]), ...others.map(([Key, Value]) => ({ Key, Value }))];
  return { ...properties, [tagged.name]: list };
}
