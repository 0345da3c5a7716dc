import { describe, expect, it } from 'vitest';

import { type Attributes, type Resources, readHcl, readLocals } from './hcl';
import { deployment, moduleFiles } from './modules';
import { registryProgram, serviceProgram } from './program';

/**
 * Conditions are the module's own words to its user, and no property of a resource: `refusals.tftest.hcl` runs each.
 */
function comparable(resources: Resources): Resources {
  return Object.fromEntries(
    Object.entries(resources).map(([name, { lifecycle, ...attributes }]) => {
      const { precondition: _, postcondition: __, ...rest } = (lifecycle ?? {}) as Attributes;
      return [
        name,
        {
          ...attributes,
          ...(Object.keys(rest).length > 0 && { lifecycle: rest }),
        },
      ];
    }),
  );
}

const read = async (files: Record<string, string>) => comparable(await readHcl(files));
const MODULES = {
  mcp_server: () => comparable(serviceProgram(deployment)),
  registry: () => comparable(registryProgram(deployment)),
} as const;

describe('the HCL of a module equals what the typed bindings of its provider make of the model', () => {
  it.each(Object.keys(MODULES) as (keyof typeof MODULES)[])('the HCL of %s is what its bindings make', async (name) => {
    const program = MODULES[name]();
    const hcl = await read(moduleFiles(name));
    expect(Object.keys(hcl).sort()).toEqual(Object.keys(program).sort());
    for (const [resource, attributes] of Object.entries(hcl)) {
      expect(attributes, resource).toEqual(program[resource]);
    }
  });

  it('the HCL of a module has the values of the model that its resources refer to', async () => {
    const { container, routing, forbiddenVariables } = deployment.contract;
    const { executionRole } = deployment.environments[0]!.service;
    const locals = await readLocals(moduleFiles('mcp_server'));
    expect(locals).toMatchObject({
      container_port: container.port,
      environment: container.environment,
      path_patterns: routing.paths,
      forbidden_variables: forbiddenVariables.flatMap(({ names }) => names),
      origin_chunks: `\${chunklist(var.allowed_origins, ${routing.originsPerRule})}`,
      tags: { merge: [{ Service: '${var.name}' }, '${var.tags}'] },
    });
    const [account, place] = [executionRole.trust.sourceAccount, executionRole.trust.sourceArn].map((value) =>
      value
        .replace('arn:aws:', 'arn:${data.aws_partition.current.partition}:')
        .replace('us-east-1', '${data.aws_region.current.name}')
        .replace('111122223333', '${data.aws_caller_identity.current.account_id}'),
    );
    expect(locals.trust_conditions).toEqual({
      Condition: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': place } },
    });
  });

  const drifts: [string, keyof typeof MODULES, string, string | RegExp, string][] = [
    [
      'a deployment percentage',
      'mcp_server',
      'main.tf',
      /deployment_minimum_healthy_percent = 100/,
      'deployment_minimum_healthy_percent = 50',
    ],
    ['a renamed attribute', 'mcp_server', 'main.tf', 'propagate_tags ', 'propagate_tag '],
    ['a dropped attribute', 'mcp_server', 'main.tf', /\n *readonlyRootFilesystem = true/, ''],
    ['an added attribute', 'mcp_server', 'main.tf', 'essential = true', 'essential = true\n      privileged = true'],
    [
      'swapped roles',
      'mcp_server',
      'main.tf',
      'task_role_arn            = aws_iam_role.task.arn',
      'task_role_arn = aws_iam_role.execution.arn',
    ],
    ['another architecture', 'mcp_server', 'main.tf', '"X86_64"', '"ARM64"'],
    ['a probe of another path', 'mcp_server', 'main.tf', ':8000/health', ':8000/mcp/healthz'],
    ['a shorter stop timeout', 'mcp_server', 'main.tf', 'stopTimeout = 60', 'stopTimeout = 30'],
    ['a user that is root', 'mcp_server', 'main.tf', 'user      = "10001:10001"', 'user      = "0:0"'],
    ['a public address', 'mcp_server', 'main.tf', 'assign_public_ip = false', 'assign_public_ip = true'],
    ['no rollback', 'mcp_server', 'main.tf', 'rollback = true', 'rollback = false'],
    ['a dependency that is missing', 'mcp_server', 'main.tf', /\n *aws_lb_listener_rule\.mcp,/, ''],
    ['a range of ports', 'mcp_server', 'network.tf', 'from_port         = each.value[1]', 'from_port = 0'],
    ['an open egress port', 'mcp_server', 'network.tf', /from_port +=\s443/, 'from_port = 0'],
    [
      'ingress from anywhere',
      'mcp_server',
      'network.tf',
      'referenced_security_group_id = each.value',
      'cidr_ipv4 = "0.0.0.0/0"',
    ],
    [
      'a health check matcher',
      'mcp_server',
      'network.tf',
      'matcher             = "200"',
      'matcher             = "200-499"',
    ],
    ['a target group of another type', 'mcp_server', 'network.tf', '"ip"', '"instance"'],
    [
      'a dropped path condition',
      'mcp_server',
      'routing.tf',
      /path_pattern \{\s*values = local\.path_patterns\s*\}/,
      'path_pattern {\n      values = ["/mcp/*"]\n    }',
    ],
    ['a refusal that forwards', 'mcp_server', 'routing.tf', 'status_code  = "403"', 'status_code  = "200"'],
    [
      'an added action',
      'mcp_server',
      'iam.tf',
      '"ecr:BatchGetImage",',
      '"ecr:BatchGetImage",\n            "ecr:PutImage",',
    ],
    ['a wider resource', 'mcp_server', 'iam.tf', 'Resource = [var.container_repository_arn]', 'Resource = ["*"]'],
    [
      'secrets that are always readable',
      'mcp_server',
      'iam.tf',
      'Action   = ["ssm:GetParameters"]',
      'Action   = ["ssm:*"]',
    ],
    [
      'a policy for the task role',
      'mcp_server',
      'iam.tf',
      /$/,
      '\nresource "aws_iam_role_policy" "task" {\n  role   = aws_iam_role.task.id\n  policy = "{}"\n}\n',
    ],
    ['logs that are never kept', 'mcp_server', 'logs.tf', /\n *skip_destroy[^\n]*/, ''],
    ['a resource that is gone', 'mcp_server', 'dns.tf', /resource "aws_route53_record" "alias" \{[\s\S]*$/, ''],
    ['removed tags', 'mcp_server', 'dns.tf', /\n *tags += local\.tags/, ''],
    ['tags that can be moved', 'registry', 'main.tf', '"IMMUTABLE"', '"MUTABLE"'],
    ['an expiry of tagged images', 'registry', 'main.tf', '"untagged"', '"any"'],
    ['a pull by anybody', 'registry', 'main.tf', 'ArnLike', 'StringLike'],
  ];

  it.each(drifts)('the comparison of the HCL of a module catches %s', async (_, name, file, from, to) => {
    const files = moduleFiles(name);
    const drifted = files[file]!.replace(from, () => to);
    expect(drifted).not.toBe(files[file]);
    await expect(read({ ...files, [file]: drifted })).resolves.not.toEqual(MODULES[name]());
  });
});
