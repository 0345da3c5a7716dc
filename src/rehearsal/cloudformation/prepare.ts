import type { Account } from './account';
import { dependencies, inOrder, type Order } from './graph';
import type { Made } from './handler';
import { checkRules, pseudoParameters, resolveConditions, resolveParameters, resourceTypeOf } from './parameters';
import { EngineError } from './refusal';
import { exists, HANDLERS } from './resources';
import { validateTemplate } from './spec';
import type { EmulatedStack, StackRequest } from './stack';
import { parseTemplate, type Template, TemplateError } from './template';

/** A request, resolved as far as it can be before anything is made. */
export interface PreparedRequest {
  readonly template: Template;
  readonly raw: Record<string, string>;
  readonly parameters: Readonly<Record<string, string | string[]>>;
  readonly conditions: Readonly<Record<string, boolean>>;
  readonly graph: ReadonlyMap<string, readonly string[]>;
  readonly order: readonly string[];
  readonly tags: Record<string, string>;
  /** Existing resources that become the stack's, by logical ID. */
  readonly imports: ReadonlyMap<string, Made>;
}

/** A request, resolved as far as it can be before anything is made. Throws for one that is refused. */
export async function prepareRequest(
  account: Account,
  order: Order,
  stack: EmulatedStack,
  request: StackRequest,
): Promise<PreparedRequest> {
  if (!/^[a-zA-Z][a-zA-Z0-9-]{0,127}$/.test(request.name)) {
    throw new TemplateError(
      `1 validation error detected: Value '${request.name}' at 'stackName' failed to satisfy constraint`,
    );
  }
  const template = parseTemplate(request.templateText);
  const problems = validateTemplate(template);
  if (problems.length > 0) throw new TemplateError(`Template format error: ${problems.join('; ')}`);
  requireCapabilities(template, request.capabilities ?? []);
  const given = { ...request.parameters };
  for (const name of request.previous ?? []) {
    if (stack.parameters[name] === undefined) {
      throw new TemplateError(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    }
    given[name] = stack.parameters[name];
  }
  const values = resolveParameters(template, given);
  await requireResources(account, template, values);
  const place = { accountId: account.accountId, region: account.region, stackName: stack.name, stackId: stack.id };
  const parameters = { ...values, ...pseudoParameters(place) };
  checkRules(template, parameters);
  const conditions = resolveConditions(template, parameters);
  const graph = dependencies(template, conditions);
  const raw = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat().join(',')]));
  const unknown = [...graph.keys()].map((name) => template.Resources[name]!.Type).filter((type) => !HANDLERS[type]);
  if (unknown.length > 0) throw new TemplateError(`These types are not applied here: ${unknown.join(', ')}`);
  const retyped = [...graph.keys()].filter((name) => {
    const { type } = stack.resources.get(name) ?? {};
    return type !== undefined && type !== template.Resources[name]!.Type;
  });
  if (retyped.length > 0) {
    throw new TemplateError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${retyped.join(', ')}]`,
    );
  }
  return {
    template,
    raw,
    parameters,
    conditions,
    graph,
    order: inOrder(graph, order),
    tags: { ...(request.tags ?? stack.tags) },
    imports: request.importExisting ? await existing(account, template, graph, stack) : new Map(),
  };
}

/**
 * Existing resources that no stack has. As in CloudFormation, only those with a name in the template, and with a
 * DeletionPolicy that retains them. Source: AWS CloudFormation User Guide, "Import AWS resources into a CloudFormation
 * stack automatically".
 */
async function existing(
  account: Account,
  template: Template,
  graph: ReadonlyMap<string, readonly string[]>,
  stack: EmulatedStack,
): Promise<Map<string, Made>> {
  const found = new Map<string, Made>();
  for (const logicalId of graph.keys()) {
    const { Type, Properties = {}, DeletionPolicy = 'Delete' } = template.Resources[logicalId]!;
    const { name, find } = HANDLERS[Type]!;
    const given = name === undefined ? undefined : Properties[name];
    if (stack.resources.has(logicalId) || DeletionPolicy === 'Delete' || typeof given !== 'string') continue;
    const made = await find?.(account, given);
    if (made) found.set(logicalId, made);
  }
  return found;
}

async function requireResources(
  account: Account,
  template: Template,
  values: Record<string, string | string[]>,
): Promise<void> {
  for (const [name, parameter] of Object.entries(template.Parameters ?? {})) {
    const type = resourceTypeOf(parameter);
    for (const value of type ? [values[name]!].flat() : []) {
      if (await exists(account, type!, value)) continue;
      throw new TemplateError(
        `Parameter validation failed: parameter value ${value} for parameter name ${name} does not exist`,
      );
    }
  }
}

const IAM_TYPES = /^AWS::IAM::(AccessKey|Group|InstanceProfile|ManagedPolicy|Policy|Role|User|UserToGroupAddition)$/;
const IAM_NAMES = ['GroupName', 'InstanceProfileName', 'ManagedPolicyName', 'RoleName', 'UserName'];

/** The capability that a template demands of who deploys it, if any. */
export function capabilitiesOf({ Resources }: Template): string | undefined {
  const iam = Object.values(Resources).filter(({ Type }) => IAM_TYPES.test(Type));
  if (iam.length === 0) return undefined;
  const named = iam.some(({ Properties = {} }) => IAM_NAMES.some((name) => name in Properties));
  return named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
}

function requireCapabilities(template: Template, capabilities: readonly string[]): void {
  const needed = capabilitiesOf(template);
  if (!needed || capabilities.includes('CAPABILITY_NAMED_IAM') || capabilities.includes(needed)) return;
  throw new EngineError('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`);
}

/** Policies for a resource that leaves the template, or is replaced. */
export function removalPoliciesOf({ template }: PreparedRequest, logicalId: string) {
  const { DeletionPolicy = 'Delete', UpdateReplacePolicy = 'Delete' } = template.Resources[logicalId]!;
  return { deletionPolicy: DeletionPolicy, updateReplacePolicy: UpdateReplacePolicy };
}
