import { exportsOf } from './exports';
import { resolve, resolveMembers, type Scope } from './functions';
import type { Made } from './handler';
import type { PreparedRequest } from './prepare';
import type { EmulatedStack, StackOutput } from './stack';
import { withStackTags } from './tags';
import { TemplateError, type TemplateObject, type TemplateValue } from './template';

/** Functions' view of the stack; `made` returns undefined for a resource that is not made yet. */
export function scopeOf(
  stacks: ReadonlyMap<string, EmulatedStack>,
  stack: EmulatedStack,
  prepared: PreparedRequest,
  made: (logicalId: string) => Made | undefined,
  imports = new Set<string>(),
): Scope {
  const known = (name: string) => {
    if (!prepared.graph.has(name)) {
      throw new TemplateError(`Template format error: Unresolved resource dependencies [${name}] in the template`);
    }
    return made(name);
  };
  return {
    parameters: prepared.parameters,
    mappings: prepared.template.Mappings ?? {},
    conditions: prepared.conditions,
    ref: (name) => known(name)?.physicalId ?? laterValue(name),
    attribute: (name, attribute) => {
      const there = known(name);
      if (!there) return laterValue(`${name}.${attribute}`);
      const value = there.attributes[attribute];
      if (value === undefined) throw new Error(`The attribute ${attribute} of ${name} is not given here`);
      return value;
    },
    importValue: (name) => {
      const found = exportsOf(stacks).get(name);
      if (!found || found.stack === stack) throw new TemplateError(`No export named ${name} found.`);
      imports.add(name);
      return found.value;
    },
  };
}

/** The resolved properties of a resource, with the stack's tags if the type has tags. */
export function propertiesOf(prepared: PreparedRequest, logicalId: string, scope: Scope): TemplateObject {
  const { Type, Properties: written = {} } = prepared.template.Resources[logicalId]!;
  return withStackTags(Type, resolveMembers(written, scope), prepared.tags);
}

/** The outputs of a stack, by name. */
export function outputsOf(prepared: PreparedRequest, scope: Scope): Map<string, StackOutput> {
  const declared = Object.entries(prepared.template.Outputs ?? {});
  const there = declared.filter(([, { Condition }]) => Condition === undefined || prepared.conditions[Condition]);
  return new Map(
    there.map(([name, { Value, Description, Export }]) => [
      name,
      {
        value: outputText(name, resolve(Value, scope)),
        description: Description,
        exportName: Export && outputText(name, resolve(Export.Name, scope)),
      },
    ]),
  );
}

/** Placeholder for a value that is known only after creation. */
function laterValue(name: string): string {
  return `{{${name} is known once it is made}}`;
}

function outputText(name: string, value: TemplateValue): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(
    `Template format error: Output ${name} is malformed. The Value field of every Outputs member must evaluate to a String.`,
  );
}
