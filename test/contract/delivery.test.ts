import { describe, expect, it } from 'vitest';

import { type Configuration, parseFiles, type SourceFile } from './configuration';
import { ALL_DELIVERY_VARIABLES, DELIVERY_VARIABLES, deliveryProgram } from './delivery';
import { differences } from './differences';
import { registryRoot } from './roots';
import { delivering, deliveringShared, moduleSources, rootData, rootSources } from './subject';

/** Of what the module has, that of its repository and of its provider is held against the model elsewhere. */
const ELSEWHERE = /^(terraform|resource\.aws_ecr_.*)$/;

async function read(files: readonly SourceFile[]): Promise<Configuration> {
  const all = await parseFiles(files);
  return Object.fromEntries(Object.entries(all).filter(([address]) => !ELSEWHERE.test(address)));
}

describe('roles of workflows in the module of the registry', () => {
  it('the roles of workflows are what the typed bindings of the provider make of the model', async () => {
    const program = await deliveryProgram(delivering);
    expect(differences(await read(moduleSources('registry', delivering)), program)).toEqual([]);
  });

  it('the roles of workflows are absent if no workflow assumes one', () => {
    expect(moduleSources('registry').map(({ path }) => path)).not.toContainEqual(expect.stringContaining('roles'));
    expect(JSON.stringify(moduleSources('registry'))).not.toMatch(/oidc|delivery/);
  });

  const drifts: [string, string | RegExp, string, string][] = [
    ['a claim that is a pattern', 'StringEquals = merge(', 'StringLike = merge(', 'aws_iam_role.delivery'],
    ['any subject', /\n *"[^"]*:sub"[^\n]*/, '', 'aws_iam_role.delivery'],
    ['any repository', 'repository_id == null ? {}', 'repository_id != null ? {}', 'aws_iam_role.delivery'],
    ['another audience', '[var.oidc_audience]', '["sigstore"]', 'aws_iam_openid_connect_provider.github'],
    ['roles without a boundary', /\n *permissions_boundary[^\n]*/, '', 'aws_iam_role.delivery'],
    ['a provider for each layer', 'var.create_oidc_provider ? 1 : 0', '1', 'aws_iam_openid_connect_provider.github'],
    ['a statement that denies', '{ Effect = "Allow" }', '{ Effect = "Deny" }', 'local.delivery_policies'],
    ['policies without tags', /(aws_iam_policy[^}]*)\n *tags[^\n]*/, '$1', 'aws_iam_policy.delivery'],
    [
      'the policy of another',
      'aws_iam_policy.delivery[each.key]',
      'aws_iam_policy.delivery["plan-engine"]',
      'aws_iam_role_policy_attachment.delivery',
    ],
  ];

  it.each(drifts)('drift of the roles of workflows is found out: %s', async (_, from, to, place) => {
    const files = moduleSources('registry', delivering);
    const drifted = files.map(({ path, content }) => ({
      path,
      content: path.endsWith('/roles.tf') ? content.replace(from, to) : content,
    }));
    expect(drifted).not.toEqual(files);
    const found = differences(await read(drifted), await deliveryProgram(delivering));
    expect(found.join('\n')).toContain(place);
  });

  it('the module of roles has what that of the registry has beside its repository', async () => {
    const found = differences(
      await read(moduleSources('roles', deliveringShared)),
      await deliveryProgram(deliveringShared, false),
    );
    expect(found).toEqual([]);
  });

  it.each(deliveringShared.environments.map(({ name }) => name))(
    'the root of %s, which shares a registry, has roles alone',
    async (name) => {
      const { terraform: _, ...root } = await parseFiles(rootSources(deliveringShared, name, 'registry'));
      const { terraform: __, ...program } = await registryRoot(ALL_DELIVERY_VARIABLES, ['delivery_role_arns'], 'roles');
      expect(differences(root, program)).toEqual([]);
      const data = rootData(deliveringShared, name, 'registry', 'terraform.tfvars.json');
      expect(Object.keys(data)).not.toContain('name');
      expect(data).toMatchObject({ delivery_roles: { plan: {}, deploy: {} }, create_oidc_provider: name === 'dev' });
    },
  );

  it.each(delivering.environments.map(({ name }) => name))('the root of %s passes on workflow roles', async (name) => {
    const { terraform: _, ...root } = await parseFiles(rootSources(delivering, name, 'registry'));
    const { terraform: __, ...program } = await registryRoot(ALL_DELIVERY_VARIABLES, ['delivery_role_arns']);
    expect(differences(root, program)).toEqual([]);
    const data = rootData(delivering, name, 'registry', 'terraform.tfvars.json');
    expect(Object.keys(data)).toEqual(expect.arrayContaining(Object.keys(DELIVERY_VARIABLES)));
    expect(data).toMatchObject({ create_oidc_provider: name === 'dev' });
  });
});
