import { type GraphNode, normalise, reference, type SourceResource, type Tree, withoutTarget } from './graph';

/** The parts of `terraform show -json` of a plan that are read. */
export interface PlanJson {
  readonly planned_values: { readonly root_module: Module };
  readonly resource_changes: readonly {
    readonly address: string;
    readonly change: { readonly after_unknown: Tree };
  }[];
  readonly configuration: { readonly root_module: Configuration };
}

interface Module {
  readonly resources?: readonly {
    address: string;
    mode: string;
    type: string;
    name: string;
    index?: string | number;
    values: Tree;
  }[];
  readonly child_modules?: readonly Module[];
}

interface Configuration {
  readonly resources?: readonly { address: string; expressions: Tree }[];
  readonly module_calls?: Readonly<Record<string, { readonly module: Configuration }>>;
}

/** The graph of a plan of one root, whose one module has all of its resources. */
export function graphOfPlan(plan: PlanJson): GraphNode[] {
  const unknown = new Map(plan.resource_changes.map(({ address, change }) => [address, change.after_unknown]));
  const expressions = new Map(
    configurations(plan.configuration.root_module).flatMap(({ resources }) =>
      (resources ?? []).map((resource) => [resource.address, resource.expressions] as const),
    ),
  );
  const resources = modules(plan.planned_values.root_module)
    .flatMap((module) => module.resources ?? [])
    .filter(({ mode }) => mode === 'managed')
    .map(({ address, type, name, index, values }): SourceResource => {
      const base = `${type}.${name}`;
      const filled = withReferences(values, unknown.get(address) ?? {}, expressions.get(base) ?? {}) as Tree;
      return { name: OF_POLICIES.has(type) ? `${base}.${index}` : base, type, values: filled };
    });
  return normalise('plan', folded(resources.map(({ values, ...rest }) => ({ ...rest, values: withoutNoise(values) }))));
}

/** What there is several of, to which others refer one by one. */
const OF_POLICIES = new Set(['aws_iam_policy', 'aws_iam_role_policy_attachment']);

function modules(module: Module): Module[] {
  return [module, ...(module.child_modules ?? []).flatMap(modules)];
}

function configurations(configuration: Configuration): Configuration[] {
  const calls = Object.values(configuration.module_calls ?? {});
  return [configuration, ...calls.flatMap(({ module }) => configurations(module))];
}

/** A value, where what is known only after an apply is a reference to the resource whose attribute it will be. */
function withReferences(value: unknown, unknown: unknown, expression: unknown): unknown {
  if (unknown === true) return firstReference(expression);
  if (Array.isArray(unknown)) {
    const list = Array.isArray(value) ? value : [];
    return Array.from({ length: Math.max(list.length, unknown.length) }, (_, index) =>
      withReferences(list[index], unknown[index], Array.isArray(expression) ? expression[index] : expression),
    );
  }
  if (unknown !== null && typeof unknown === 'object') {
    const [values, inner] = [(value ?? {}) as Tree, (expression ?? {}) as Tree];
    const names = [...new Set([...Object.keys(values), ...Object.keys(unknown)])];
    return Object.fromEntries(
      names.map((name) => [name, withReferences(values[name], (unknown as Tree)[name], inner[name])]),
    );
  }
  return value;
}

function firstReference(expression: unknown): string | undefined {
  const references = (expression as { references?: string[] } | undefined)?.references ?? [];
  for (const text of references) {
    const match = /^(aws_\w+\.\w+)(?:\[\d+\])?\.(\w+)$/.exec(text);
    if (match) return reference(SAME[match[1]!] ?? match[1]!, match[2] === 'certificate_arn' ? 'arn' : match[2]!);
  }
  return undefined;
}

/** A resource that only waits for another. */
const SAME: Readonly<Record<string, string>> = { 'aws_acm_certificate_validation.mcp': 'aws_acm_certificate.mcp' };

/** Without what the provider repeats, what it knows only afterwards, and the tag that names the target. */
function withoutNoise({ tags_all: _all, tags, id: _id, arn: _arn, ...values }: Tree): Tree {
  return { ...values, tags: withoutTarget((tags ?? {}) as Tree) };
}

/** Terraform has resources of their own for what CloudFormation has as properties: they become properties here, too. */
function folded(resources: readonly SourceResource[]): SourceResource[] {
  const of = (type: string) => resources.filter((resource) => resource.type === type);
  const only = (type: string) => of(type)[0]?.values;
  const rules = (type: string) =>
    of(type)
      .filter(({ name }) => name !== ALB_EGRESS)
      .map(({ values }) => rule(values));
  const additions: Readonly<Record<string, (values: Tree, name: string) => Tree>> = {
    aws_ecr_repository: (values) => ({
      ...values,
      lifecycle_policy: only('aws_ecr_lifecycle_policy')?.policy,
      policy: only('aws_ecr_repository_policy')?.policy,
      '@Retain': !values.force_delete,
    }),
    aws_ecs_task_definition: ({ container_definitions, ...values }) => ({
      ...values,
      containers: JSON.parse(container_definitions as string),
    }),
    aws_security_group: ({ ingress: _in, egress: _out, ...values }) => ({
      ...values,
      ingress_rules: rules('aws_vpc_security_group_ingress_rule'),
      egress_rules: rules('aws_vpc_security_group_egress_rule'),
    }),
    aws_iam_role: ({ inline_policy: _inline, managed_policy_arns: _managed, ...values }, name) => ({
      ...values,
      policies: of('aws_iam_role_policy')
        .filter(({ values: policy }) => policy.role === reference(name, 'id') || policy.role === values.name)
        .map(({ values: policy }) => ({ name: policy.name, policy: policy.policy })),
      managed_policy_arns: of('aws_iam_role_policy_attachment')
        .filter(({ values: attachment }) => attachment.role === values.name)
        .map((attachment) =>
          reference(attachment.name.replace('aws_iam_role_policy_attachment', 'aws_iam_policy'), 'arn'),
        ),
    }),
    aws_iam_policy: ({ tags: _tags, ...values }) => values,
    aws_acm_certificate: ({ domain_validation_options: _options, subject_alternative_names: _names, ...values }) => ({
      ...values,
      validated_domain: values.domain_name,
      validation_zone: of('aws_route53_record').find(({ name }) => name.endsWith('.certificate_validation'))?.values
        .zone_id,
    }),
  };
  return resources
    .filter(({ type, name }) => !FOLDED.has(type) || name === ALB_EGRESS)
    .filter(({ name }) => name !== 'aws_route53_record.certificate_validation')
    .map((resource) => ({
      ...resource,
      values: additions[resource.type]?.(resource.values, resource.name) ?? resource.values,
    }));
}

/** The rule of a group that is not the deployment's: CloudFormation has a resource of its own for it, too. */
const ALB_EGRESS = 'aws_vpc_security_group_egress_rule.alb';

const FOLDED = new Set([
  'aws_ecr_lifecycle_policy',
  'aws_ecr_repository_policy',
  'aws_vpc_security_group_ingress_rule',
  'aws_vpc_security_group_egress_rule',
  'aws_iam_role_policy',
  'aws_iam_role_policy_attachment',
  'aws_acm_certificate_validation',
]);

/** A rule of a security group, in the words of CloudFormation. Its tags are a difference that is listed. */
function rule(values: Tree): Tree {
  const { description, ip_protocol, from_port, to_port, cidr_ipv4, referenced_security_group_id } = values;
  const { tags: _tags, security_group_id: _group, ...others } = values;
  const known = ['description', 'ip_protocol', 'from_port', 'to_port', 'cidr_ipv4', 'referenced_security_group_id'];
  const left = Object.keys(others).filter((name) => !known.includes(name) && others[name] != null);
  if (left.length > 0) throw new Error(`A security group rule has ${left.join(', ')}`);
  return Object.fromEntries(
    Object.entries({
      Description: description,
      IpProtocol: ip_protocol,
      FromPort: from_port,
      ToPort: to_port,
      CidrIp: cidr_ipv4,
      SourceSecurityGroupId: referenced_security_group_id,
    }).filter(([, value]) => value != null),
  );
}
