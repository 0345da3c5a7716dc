import type { Problem } from '../../config/problem';
import { type Draft, looseObject, type Subject } from '../unchecked';

/** IAM takes tag keys that differ only by case for the same, and refuses both. */
export function tagKeysDiffer({ path, environment }: Subject, { answers }: Draft): Problem[] {
  const all = [...Object.keys(looseObject(answers.tags)), 'Project', 'Owner', 'CostCenter'];
  return Object.keys(looseObject(environment.tags)).flatMap((key) => {
    const same = all.find((other) => other !== key && other.toLowerCase() === key.toLowerCase());
    return same ? [{ path: `${path}.tags.${key}`, message: `differs from ${same} only by case; write ${same}` }] : [];
  });
}
