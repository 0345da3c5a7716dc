import {
  AddClientIDToOpenIDConnectProviderCommand,
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeleteOpenIDConnectProviderCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRolePolicyCommand,
  ListEntitiesForPolicyCommand,
  ListPolicyVersionsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  TagOpenIDConnectProviderCommand,
  TagRoleCommand,
  UntagOpenIDConnectProviderCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';

import type { Account } from '../account';
import { changeTags, type Handler, type PropertyReader, type Tag, takeTags, unlessGone, without } from '../handler';
import type { TemplateValue } from '../template';

interface Policy {
  readonly name: string;
  readonly document: string;
}

interface Role {
  readonly name: string;
  readonly trust: string;
  readonly path?: string;
  readonly description?: string;
  readonly maxSession?: number;
  readonly boundary?: string;
  readonly inline: Policy[];
  readonly attached: string[];
  readonly tags: Tag[];
}

const role: Handler<Role> = {
  name: 'RoleName',
  read: (properties, generatedName) => ({
    name: properties.takeText('RoleName') ?? generatedName(64),
    trust: takeDocument(properties, 'AssumeRolePolicyDocument'),
    path: properties.takeText('Path'),
    description: properties.takeText('Description'),
    maxSession: properties.take<number>('MaxSessionDuration'),
    boundary: properties.takeText('PermissionsBoundary'),
    inline: (properties.takeParts('Policies') ?? []).map(takePolicy),
    attached: properties.take<string[]>('ManagedPolicyArns') ?? [],
    tags: takeTags(properties),
  }),
  async create({ clients }, request) {
    const { Role: made } = await clients.iam.send(
      new CreateRoleCommand({
        RoleName: request.name,
        AssumeRolePolicyDocument: request.trust,
        Path: request.path,
        Description: request.description,
        MaxSessionDuration: request.maxSession,
        PermissionsBoundary: request.boundary,
        Tags: request.tags,
      }),
    );
    return { physicalId: request.name, attributes: { Arn: made!.Arn!, RoleId: made!.RoleId! } };
  },
  async finish(account, { name, inline, attached }) {
    await putPolicies(account, name, inline);
    await attach(account, name, attached);
  },
  async update(account, wanted, before) {
    const { iam } = account.clients;
    const { name: RoleName, boundary } = wanted;
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: wanted.trust }));
    await iam.send(
      new UpdateRoleCommand({
        RoleName,
        Description: wanted.description ?? '',
        MaxSessionDuration: wanted.maxSession ?? 3600,
      }),
    );
    if (boundary) await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: boundary }));
    else if (before.boundary) await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
    await putPolicies(account, RoleName, wanted.inline);
    const kept = wanted.inline.map(({ name }) => name);
    await deletePolicies(
      account,
      RoleName,
      before.inline.filter(({ name }) => !kept.includes(name)),
    );
    await attach(account, RoleName, wanted.attached);
    await detach(account, RoleName, without(before.attached, wanted.attached));
    await changeTags(
      wanted.tags,
      before.tags,
      (Tags) => iam.send(new TagRoleCommand({ RoleName, Tags })),
      (TagKeys) => iam.send(new UntagRoleCommand({ RoleName, TagKeys })),
    );
  },
  async remove(account, { name, inline, attached }) {
    await deletePolicies(account, name, inline);
    await detach(account, name, attached);
    await account.clients.iam.send(new DeleteRoleCommand({ RoleName: name }));
  },
};

interface RolePolicy extends Policy {
  readonly role: string;
}

const rolePolicy: Handler<RolePolicy> = {
  read: (properties) => ({
    role: properties.takeText('RoleName')!,
    ...takePolicy(properties),
  }),
  async create(account, { role: RoleName, name, document }) {
    const there = await account.clients.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: name })).then(
      () => true,
      (error: Error) => {
        if (/NoSuchEntity/.test(error.name)) return false;
        throw error;
      },
    );
    if (there) throw new Error(`The role ${RoleName} has a policy ${name} already`);
    await putPolicies(account, RoleName, [{ name, document }]);
    return { physicalId: `${name}|${RoleName}`, attributes: {} };
  },
  update: (account, wanted) => putPolicies(account, wanted.role, [wanted]),
  remove: (account, request) => deletePolicies(account, request.role, [request]),
};

interface SharedPolicy extends Policy {
  readonly roles: string[];
}

/** AWS::IAM::Policy is an inline policy of several principals; of roles only, here. */
const policy: Handler<SharedPolicy> = {
  read: (properties) => {
    const roles = properties.take<string[]>('Roles') ?? [];
    if (roles.length === 0) throw new Error('At least one of [Groups,Roles,Users] must be non-empty.');
    return { roles, ...takePolicy(properties) };
  },
  async create(account, request) {
    for (const name of request.roles) await putPolicies(account, name, [request]);
    return { physicalId: request.name, attributes: { Id: request.name } };
  },
  async update(account, wanted, before) {
    for (const name of wanted.roles) await putPolicies(account, name, [wanted]);
    const renamed = wanted.name !== before.name;
    for (const name of renamed ? before.roles : without(before.roles, wanted.roles)) {
      await deletePolicies(account, name, [before]);
    }
  },
  async remove(account, request) {
    for (const name of request.roles) await deletePolicies(account, name, [request]);
  },
};

interface ManagedPolicy extends Policy {
  readonly path?: string;
  readonly description?: string;
  readonly roles: string[];
}

/** Source: IAM User Guide, "IAM and AWS STS quotas". */
const LIMITS = { policySize: 6_144, policyName: 128, path: 512, versions: 5, policiesPerRole: 10 };

/** A role or user that attached the policy outside of the stack keeps it, and keeps the policy from being deleted. */
const managedPolicy: Handler<ManagedPolicy> = {
  name: 'ManagedPolicyName',
  read: (properties, generatedName) => ({
    name: properties.takeText('ManagedPolicyName') ?? generatedName(LIMITS.policyName),
    path: properties.takeText('Path'),
    description: properties.takeText('Description'),
    document: takeDocument(properties, 'PolicyDocument'),
    roles: properties.take<string[]>('Roles') ?? [],
  }),
  async create({ clients }, request) {
    const { name, path, document } = request;
    if (!new RegExp(`^[\\w+=,.@-]{1,${LIMITS.policyName}}$`).test(name)) {
      throw new Error(`The specified value for policyName is invalid: ${name}`);
    }
    if (path !== undefined && !(/^\/([!-~]*\/)?$/.test(path) && path.length <= LIMITS.path)) {
      throw new Error(`The specified value for path is invalid: ${path}`);
    }
    refuseLong(document);
    const { Policy: made } = await clients.iam.send(
      new CreatePolicyCommand({
        PolicyName: name,
        Path: path,
        Description: request.description,
        PolicyDocument: document,
      }),
    );
    return { physicalId: made!.Arn!, attributes: { PolicyArn: made!.Arn!, PolicyId: made!.PolicyId! } };
  },
  async finish(account, { roles }, { physicalId }) {
    for (const name of roles) await attach(account, name, [physicalId]);
  },
  async update(account, wanted, before, { physicalId: PolicyArn }) {
    const { iam } = account.clients;
    if (wanted.document !== before.document) {
      refuseLong(wanted.document);
      const old = await replacedVersions(account, PolicyArn);
      // The oldest, which makes room for one more.
      if (old.length === LIMITS.versions - 1) {
        await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: old.at(-1)! }));
      }
      await iam.send(
        new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: wanted.document, SetAsDefault: true }),
      );
    }
    for (const name of without(wanted.roles, before.roles)) await attach(account, name, [PolicyArn]);
    for (const name of without(before.roles, wanted.roles)) await detach(account, name, [PolicyArn]);
  },
  async remove(account, { roles }, { physicalId: PolicyArn }) {
    const { iam } = account.clients;
    for (const name of roles) await detach(account, name, [PolicyArn]);
    const { PolicyRoles = [] } = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
    if (PolicyRoles.length > 0) throw new Error('Cannot delete a policy attached to entities.');
    for (const VersionId of await replacedVersions(account, PolicyArn)) {
      await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
    }
    await iam.send(new DeletePolicyCommand({ PolicyArn }));
  },
};

function refuseLong(document: string): void {
  if (document.replace(/\s/g, '').length > LIMITS.policySize) {
    throw new Error(`Cannot exceed quota for PolicySize: ${LIMITS.policySize}`);
  }
}

/** The versions of a policy but for that which is in force, the newest first. */
async function replacedVersions({ clients }: Account, PolicyArn: string): Promise<string[]> {
  const { Versions = [] } = await clients.iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
  const numbers = Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).map(({ VersionId }) =>
    Number(VersionId!.slice(1)),
  );
  return numbers.sort((a, b) => b - a).map((number) => `v${number}`);
}

interface Provider {
  readonly url?: string;
  readonly clients: string[];
  readonly thumbprints: string[];
  readonly tags: Tag[];
}

const oidcProvider: Handler<Provider> = {
  name: 'Url',
  read: (properties) => ({
    url: properties.takeText('Url'),
    clients: properties.take<string[]>('ClientIdList') ?? [],
    thumbprints: properties.take<string[]>('ThumbprintList') ?? [],
    tags: takeTags(properties),
  }),
  async create({ clients }, request) {
    const made = await clients.iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url: request.url,
        ClientIDList: request.clients,
        ThumbprintList: request.thumbprints,
        Tags: request.tags,
      }),
    );
    const arn = made.OpenIDConnectProviderArn!;
    return { physicalId: arn, attributes: { Arn: arn } };
  },
  async update({ clients: { iam } }, wanted, before, { physicalId: OpenIDConnectProviderArn }) {
    for (const ClientID of without(wanted.clients, before.clients)) {
      await iam.send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }));
    }
    for (const ClientID of without(before.clients, wanted.clients)) {
      await iam.send(new RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }));
    }
    await iam.send(
      new UpdateOpenIDConnectProviderThumbprintCommand({
        OpenIDConnectProviderArn,
        ThumbprintList: wanted.thumbprints,
      }),
    );
    await changeTags(
      wanted.tags,
      before.tags,
      (Tags) => iam.send(new TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, Tags })),
      (TagKeys) => iam.send(new UntagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, TagKeys })),
    );
  },
  remove: async ({ clients }, _, { physicalId }) => {
    await clients.iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: physicalId }));
  },
};

function takeDocument(properties: PropertyReader, name: string): string {
  const document = properties.take<TemplateValue>(name);
  return typeof document === 'string' ? document : JSON.stringify(document);
}

function takePolicy(properties: PropertyReader): Policy {
  return { name: properties.takeText('PolicyName')!, document: takeDocument(properties, 'PolicyDocument') };
}

async function putPolicies({ clients }: Account, RoleName: string, policies: readonly Policy[]): Promise<void> {
  for (const { name, document } of policies) {
    await clients.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: name, PolicyDocument: document }));
  }
}

async function deletePolicies({ clients }: Account, RoleName: string, policies: readonly Policy[]): Promise<void> {
  for (const { name } of policies) {
    await unlessGone(clients.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: name })));
  }
}

async function attach({ clients }: Account, RoleName: string, arns: readonly string[]): Promise<void> {
  if (arns.length > LIMITS.policiesPerRole) {
    throw new Error(`Cannot exceed quota for PoliciesPerRole: ${LIMITS.policiesPerRole}`);
  }
  for (const PolicyArn of arns) await clients.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
}

async function detach({ clients }: Account, RoleName: string, arns: readonly string[]): Promise<void> {
  for (const PolicyArn of arns)
    await unlessGone(clients.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })));
}

export const IAM = {
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::OIDCProvider': oidcProvider,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::Role': role,
  'AWS::IAM::RolePolicy': rolePolicy,
};
