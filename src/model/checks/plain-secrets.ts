import { isObject } from '../../config/paths';
import type { Problem } from '../../config/problem';
import { looksSecret, namesSecret } from '../../config/secrets';
import { looseObject, type Subject } from '../unchecked';

/** What to do instead, or else to say that it is no secret. */
function ways(path: string, name: string): string {
  return `keep the value in Secrets Manager or SSM, and give its ARN as ${path}.secrets.${name}, for what is here stands in plain text in the repository and in the task definition. If it is no secret, add "${name}" to ${path}.notSecrets`;
}

/**
 * Why a variable must not have a plain value: its name is that of a secret. A switch, which is true or false, is none;
 * nor is what the conventions declare as a plain value, or what the owner lists in `notSecrets`.
 */
export function secretByName(name: string, { path, environment, conventions }: Subject): string | undefined {
  const value = looseObject(environment.environment)[name];
  const { derived, optional } = conventions.environment;
  const isPlain =
    Object.hasOwn(derived, name) || Object.hasOwn(optional, name) || /^(true|false|)$/i.test(String(value));
  if (!namesSecret(name) || isPlain || isNoSecret(name, environment.notSecrets)) {
    return undefined;
  }
  return `is named like a secret: ${ways(path, name)}`;
}

/** Values that look like secrets, wherever they stand: but for those of variables that the owner lists in `notSecrets`. */
export function secretValues(answers: unknown): Problem[] {
  return leavesOf(answers, []).flatMap(([path, text]): Problem[] => {
    const what = looksSecret(text);
    const [, environment, kind, name] = path;
    const variable = path.length === 4 && path[0] === 'environments' && kind === 'environment' ? name! : undefined;
    const own = looseObject(looseObject(looseObject(answers).environments)[environment ?? '']);
    if (what === undefined || (variable !== undefined && isNoSecret(variable, own.notSecrets))) {
      return [];
    }
    const way = variable === undefined ? 'remove it' : ways(`environments.${environment}`, variable);
    return [{ path: path.join('.'), message: `holds what looks like ${what}: ${way}` }];
  });
}

function isNoSecret(name: string, listed: unknown): boolean {
  return Array.isArray(listed) && listed.includes(name);
}

function leavesOf(value: unknown, path: readonly string[]): [path: readonly string[], text: string][] {
  if (typeof value === 'string') {
    return [[path, value]];
  }
  return isObject(value) || Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]))
    : [];
}
