import { isTemplateObject, splitAttribute, TemplateError, type TemplateObject, type TemplateValue } from './template';

export const PLACEHOLDER = /\$\{([^{}]*)\}/g;

/** A function called by name, or undefined for plain data. Throws for a function beside other keys. */
export function callIn(
  value: TemplateValue,
  place?: 'Condition',
): { name: string; argument: TemplateValue } | undefined {
  if (!isTemplateObject(value)) return undefined;
  const keys = Object.keys(value);
  const name = keys.find((key) => key === 'Ref' || key.startsWith('Fn::') || (place && key === 'Condition'));
  if (name === undefined) return undefined;
  if (keys.length > 1) throw new TemplateError(`Template error: ${name} stands beside other keys: ${keys.join(', ')}`);
  return { name, argument: value[name]! };
}

/** The names in a string's `${}`, without the literal `${!}`. */
export function placeholders(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!.trim()).filter((name) => !name.startsWith('!'));
}

/** The text of Fn::Sub, and its map; undefined for another argument. */
export function substitution(argument: TemplateValue): { text: string; values: TemplateObject } | undefined {
  if (typeof argument === 'string') return { text: argument, values: {} };
  if (!isPair(argument)) return undefined;
  const [text, values] = argument;
  return typeof text === 'string' && isTemplateObject(values) ? { text, values } : undefined;
}

/** The resource and the attribute of Fn::GetAtt; undefined for another argument. */
export function attributeNamed(argument: TemplateValue): [string, string] | undefined {
  const parts = typeof argument === 'string' ? splitAttribute(argument) : argument;
  const [resource, ...attribute] = Array.isArray(parts) ? parts : [];
  const named =
    typeof resource === 'string' && attribute.length > 0 && attribute.every((part) => typeof part === 'string');
  return named ? [resource, attribute.join('.')] : undefined;
}

export function isPair(argument: TemplateValue): argument is [TemplateValue, TemplateValue] {
  return Array.isArray(argument) && argument.length === 2;
}
