import { isObject, type Path, type PlainObject } from '../config/paths';
import { valueOfText } from '../config/text-value';
import { UsageError } from './usage-error';

/**
 * Sets one answer, see {@link valueOfText}.
 *
 * @param base path that the assignment's own is relative to
 * @throws UsageError if the text is no assignment
 */
export function assignAnswer(answers: PlainObject, assignment: string, base: Path = []): void {
  const match = /^([^=]+)=(.*)$/s.exec(assignment);
  if (!match) {
    throw new UsageError(`--set ${assignment}: write path.to.key=value`);
  }
  const keys = [...base, ...match[1]!.split('.')];
  const last = keys.pop()!;
  let place = answers;
  for (const key of keys) {
    const inner = Object.hasOwn(place, key) ? place[key] : undefined;
    const next = isObject(inner) ? inner : {};
    define(place, key, next);
    place = next;
  }
  define(place, last, valueOfText([...keys, last], match[2]!));
}

/** Sets an own property of any name: `__proto__` is a wrong key like any other. */
export function define(place: PlainObject, key: string, value: unknown): void {
  Object.defineProperty(place, key, { value, enumerable: true, configurable: true, writable: true });
}
