import { parse } from '@cdktf/hcl2json';
import { describe, expect, it } from 'vitest';

import { moduleFiles, rootFiles, VARIANTS } from '../../../support/terraform-variants';

// What neither a plan nor an emulator shows. The rest of the modules is held by test/parity and by applies.

type Files = Readonly<Record<string, string>>;
type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>[]>>;

async function blocksOf(files: Files, ...path: string[]): Promise<Blocks> {
  const documents = await Promise.all(Object.entries(files).map(([name, content]) => parse(name, content)));
  const found = documents.map((document) =>
    path.reduce<Record<string, unknown>>((value, key) => (value[key] ?? {}) as Record<string, unknown>, document),
  );
  return Object.assign({}, ...found) as Blocks;
}

const ROOTS = Object.entries(VARIANTS).flatMap(([variant, deployment]) =>
  deployment.environments.flatMap(({ name, registry, roles }) => [
    ...(registry || roles ? [{ variant, deployment, name, layer: 'registry' as const }] : []),
    { variant, deployment, name, layer: 'service' as const },
  ]),
);

describe.each(ROOTS)('the root of layer $layer of $name, with $variant', ({ deployment, name, layer }) => {
  const { files, data } = rootFiles(deployment, name, layer);

  it('the data file of a root gives each variable that has no default, and none that there is not', async () => {
    const variables = await blocksOf(files, 'variable');
    const required = Object.keys(variables).filter((key) => !('default' in variables[key]![0]!));
    expect(Object.keys(data).filter((key) => !(key in variables))).toEqual([]);
    expect(required.filter((key) => !(key in data))).toEqual([]);
  });

  it('a root passes each variable of its module on, but for those that it makes itself', async () => {
    const [[call]] = Object.values(await blocksOf(files, 'module')) as [Readonly<Record<string, unknown>>[]];
    const module = String(call!.source).split('/').at(-1)!;
    const variables = Object.keys(await blocksOf(moduleFiles(module, deployment), 'variable'));
    const made = layer === 'service' ? ['container_image'] : [];
    const passed = variables.filter((key) => !made.includes(key)).map((key) => [key, `\${var.${key}}`]);
    expect(call).toMatchObject(Object.fromEntries(passed));
    expect(Object.keys(call!).sort()).toEqual([...variables, 'source'].sort());
  });
});

describe('the module of the service', async () => {
  const files = moduleFiles('mcp_server', VARIANTS['other ports, and a domain']);
  const rules = await blocksOf(files, 'resource', 'aws_lb_listener_rule');
  const { mcp: service } = await blocksOf(files, 'resource', 'aws_ecs_service');

  it('the service waits for the rule that forwards: ECS refuses a target group without a load balancer', () => {
    expect(service![0]!.depends_on).toContain('${aws_lb_listener_rule.mcp}');
  });

  it('the rule that forwards waits for those that look at the origin, so that no foreign one gets through before', () => {
    const guards = ['${aws_lb_listener_rule.allowed_origin}', '${aws_lb_listener_rule.other_origin}'];
    expect(rules.mcp![0]!.depends_on).toEqual(expect.arrayContaining(guards));
  });
});
