import { withoutConditions } from './functions';
import { inspect } from './inspect';
import { type Template, TemplateError } from './template';

/** The resource of several possible ones that is made first: a template that lacks a DependsOn fails with one of the two. */
export type Order = 'first' | 'last';

/** The resources that a template has under its conditions, each with those that it needs. */
export function dependencies(
  { Resources }: Template,
  conditions: Readonly<Record<string, boolean>>,
): Map<string, string[]> {
  const there = Object.entries(Resources).filter(
    ([, { Condition }]) => Condition === undefined || conditions[Condition],
  );
  const names = new Set(there.map(([name]) => name));
  return new Map(
    there.map(([name, { Properties = {}, Metadata = {}, DependsOn = [] }]) => {
      // Source: AWS CloudFormation Template Reference, Fn::If: metadata takes it, too, and what it refers to comes before.
      const { refs, attributes } = inspect(withoutConditions({ Properties, Metadata }, conditions), 'value');
      const referred = [...refs, ...attributes.map(([resource]) => resource)].filter((other) => other in Resources);
      const absent = referred.find((other) => !names.has(other));
      if (absent) {
        throw new TemplateError(
          `Template format error: Unresolved resource dependencies [${absent}] in the Resources block of the template`,
        );
      }
      // A DependsOn on a resource that a condition leaves out is no dependency.
      const needed = [...referred, ...[DependsOn].flat()].filter((other) => names.has(other));
      return [name, [...new Set(needed)]];
    }),
  );
}

/** All of them, each after those that it needs. Throws a TemplateError for a circle. */
export function inOrder(graph: ReadonlyMap<string, readonly string[]>, order: Order): string[] {
  const done: string[] = [];
  const left = new Set(graph.keys());
  while (left.size > 0) {
    const ready = [...left].filter((name) => graph.get(name)!.every((needed) => !left.has(needed)));
    const next = order === 'first' ? ready[0] : ready.at(-1);
    if (next === undefined) {
      throw new TemplateError(`Circular dependency between resources: [${[...left].join(', ')}]`);
    }
    left.delete(next);
    done.push(next);
  }
  return done;
}
