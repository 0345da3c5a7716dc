import { isObject } from '../../config/paths';
import type { Problem } from '../../config/problem';
import { looksSecret, namesSecret } from '../../config/secrets';
import { looseObject, type Subject } from '../unchecked';

/** The ways out: keep the value elsewhere, or declare that it is no secret. */
function ways(path: string, name: string): string {
  return `keep the value in Secrets Manager or SSM, and give its ARN as ${path}.secrets.${name}, for a value here is in plain text in the repository and in the task definition. If it is no secret, add "${name}" to ${path}.notSecrets`;
}

/**
 * Reason why a variable must not have a plain value: its name is that of a secret. A switch (true or false) is no
 * secret; nor is a variable that the conventions declare as plain, or that the owner lists in `notSecrets`.
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

/** Values that look like secrets, at any path, but for variables that the owner lists in `notSecrets`. */
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
    return [{ path: path.join('.'), message: `holds text that looks like ${what}: ${way}` }];
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
