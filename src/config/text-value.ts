import type { z } from 'zod';

import { isObject, type Path, typesAt } from './paths';
import { answersSchema } from './repository';

/**
 * The value of a text at a path of the answers: the one that its owner would have written there in a file. The path
 * decides, not the text, so that an account id stays text, and 500 is a number even if it is too large. A text that is
 * no value of the path's types stays text, for the schema to refuse in its own words.
 *
 * | place takes     | text                                | value                              |
 * | --------------- | ----------------------------------- | ---------------------------------- |
 * | text            | any                                 | itself; `null` if it may be null   |
 * | number          | a number of JSON                    | the number                         |
 * | true or false   | `true`, `false`                     | that                               |
 * | list            | JSON, or items parted by commas     | a list of values, each as its place takes it; empty if the text is |
 * | object          | JSON                                | the object                         |
 *
 * A place of several types takes a list or an object of JSON as such, and any other text as text.
 */
export function valueOfText(path: Path, text: string, schema: z.ZodType = answersSchema): unknown {
  const types = typesAt(schema, path);
  const trimmed = text.trim();
  const json = parsed(trimmed);
  const takes = (type: string) => types.has(type);
  if (takes('null') && json === null) {
    return null;
  }
  if ((takes('array') && Array.isArray(json)) || (takes('object') && isObject(json))) {
    return json;
  }
  if (takes('string')) {
    return text;
  }
  if ((takes('number') && typeof json === 'number') || (takes('boolean') && typeof json === 'boolean')) {
    return json;
  }
  if (takes('array')) {
    return itemsOf(trimmed).map((item) => valueOfText([...path, '0'], item, schema));
  }
  // Also at an unknown path: a text that looks like an object or a list is shown as one.
  return typeof json === 'object' && json !== null ? json : text;
}

/** The items of a list, with brackets and quotes or without: a shell takes the quotes of `["a","b"]` away. */
function itemsOf(text: string): string[] {
  return text
    .replace(/^\[(.*)\]$/s, '$1')
    .split(',')
    .map((item) => item.trim().replace(/^(["'])(.*)\1$/s, '$2'))
    .filter((item) => item !== '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
