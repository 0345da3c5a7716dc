import type { EmulatedStack, StackOutput } from './stack';

/** By name. */
type Stacks = ReadonlyMap<string, EmulatedStack>;

/** All exports of the stacks that are there, by name. */
export function exportsOf(stacks: Stacks): Map<string, { readonly value: string; readonly stack: EmulatedStack }> {
  const found = new Map<string, { value: string; stack: EmulatedStack }>();
  for (const stack of stacks.values()) {
    for (const { exportName, value } of stack.outputs.values()) {
      if (exportName !== undefined) found.set(exportName, { value, stack });
    }
  }
  return found;
}

/** Throws if an export clashes, or if one that another stack uses would go or change. */
export function checkExports(stacks: Stacks, stack: EmulatedStack, outputs: ReadonlyMap<string, StackOutput>): void {
  const others = exportsOf(stacks);
  const wanted = new Map([...outputs.values()].map(({ exportName, value }) => [exportName, value]));
  for (const name of wanted.keys()) {
    const owner = name === undefined ? undefined : others.get(name)?.stack;
    if (owner && owner !== stack)
      throw new Error(`Export with name ${name} is already exported by stack ${owner.name}`);
  }
  for (const { exportName, value } of stack.outputs.values()) {
    const change = wanted.has(exportName) ? (wanted.get(exportName) === value ? undefined : 'updated') : 'deleted';
    const [why] = change ? whyInUse(stacks, stack, exportName, change) : [];
    if (why) throw new Error(why);
  }
}

/** Reason why an export must not change: the stacks that use it. */
export function whyInUse(
  stacks: Stacks,
  stack: EmulatedStack,
  exportName: string | undefined,
  change: 'deleted' | 'updated',
): string[] {
  if (exportName === undefined) return [];
  const users = [...stacks.values()].filter((other) => other !== stack && other.imports.has(exportName));
  const names = users.map(({ name }) => name).join(' and ');
  return users.length > 0 ? [`Export ${exportName} cannot be ${change} as it is in use by ${names}`] : [];
}
