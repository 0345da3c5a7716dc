import { partitionOf } from '../config/partitions';
import { OIDC_ISSUER } from '../model/delivery/grants';
import { OIDC_THUMBPRINT } from '../model/delivery/roles';
import type {
  DeliveryPolicy,
  DeliveryRole,
  Deployment,
  Role,
  ServiceLayer,
  Statement,
  Tags,
} from '../model/deployment';
import { type Part, type PropertyValue, part, referenceTo, sorted } from './resource';

export function oidcProvider(audience: string, tags: Tags): Part {
  return part('oidcProvider', 'oidcProvider', {
    url: `https://${OIDC_ISSUER}`,
    audiences: [audience],
    thumbprints: [OIDC_THUMBPRINT],
    tags,
  });
}

export function deliveryRole(role: DeliveryRole, providerArn: string, tags: Tags): Part {
  const { duty, name, description, permissionsBoundaryArn, maxSessionDuration, trust, policies } = role;
  return part('role', `${duty}Role`, {
    name,
    description,
    trust: [
      {
        Effect: 'Allow',
        Principal: { Federated: providerArn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: tokenSays(trust) },
      },
    ],
    boundary: permissionsBoundaryArn,
    maxSessionDuration,
    managedPolicies: sorted(policies.map(({ name: key }) => referenceTo({ type: 'policy', key }, 'arn'))),
    tags,
  });
}

function tokenSays({ audience, subject, repositoryId }: DeliveryRole['trust']): Readonly<Record<string, string>> {
  return {
    [`${OIDC_ISSUER}:aud`]: audience,
    [`${OIDC_ISSUER}:sub`]: subject,
    ...(repositoryId !== undefined && { [`${OIDC_ISSUER}:repository_id`]: repositoryId }),
  };
}

/** CloudFormation has no tags of a policy. Source: AWS CloudFormation Template Reference, AWS::IAM::ManagedPolicy. */
export const TAGS_POLICIES: Readonly<Record<Deployment['target'], boolean>> = {
  terraform: true,
  cloudformation: false,
  cdk: false,
};

export function deliveryPolicy({ duty }: DeliveryRole, { topic, name, statements }: DeliveryPolicy, tags?: Tags): Part {
  return part('policy', policyId(duty, topic), { name, document: statements.map(allow), tags });
}

/** Id of a policy of a workflow's role within its layer: `deployNetworkPolicy`. */
export function policyId(duty: string, topic: string): string {
  return `${duty}${topic.charAt(0).toUpperCase()}${topic.slice(1)}Policy`;
}

export const EXECUTION = {
  description: (service: string) =>
    `Starts the tasks of ${service}: pulls the image, writes the log, reads the secrets`,
  policy: 'execution',
};

export const TASK = {
  description: (service: string) => `Identity of the tasks of ${service}; has no permissions`,
  policy: 'task',
};

export function role(
  id: string,
  { name, permissionsBoundaryArn, trust, statements }: Role,
  description: string,
  policyName: string,
  tags: Tags,
): Part {
  return part('role', id, {
    name,
    description,
    trust: trustIn('ecs-tasks.amazonaws.com', trust),
    boundary: permissionsBoundaryArn,
    ...(statements.length > 0 ? { policyName, policy: statements.map(allow) } : {}),
    tags,
  });
}

export function trafficRole(name: string, { serviceName, executionRole, tags }: ServiceLayer, region: string): Part {
  return part('role', 'trafficRole', {
    name,
    description: `Moves the traffic of ${serviceName} from one target group to the other`,
    trust: trustIn('ecs.amazonaws.com'),
    managedPolicies: [
      `arn:${partitionOf(region).id}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers`,
    ],
    boundary: executionRole.permissionsBoundaryArn,
    tags,
  });
}

function trustIn(service: string, only?: Role['trust']): PropertyValue {
  return [
    {
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'sts:AssumeRole',
      ...(only && {
        Condition: {
          StringEquals: { 'aws:SourceAccount': only.sourceAccount },
          ArnLike: { 'aws:SourceArn': only.sourceArn },
        },
      }),
    },
  ];
}

function allow({ sid, actions, resources, conditions }: Statement): PropertyValue {
  const Condition =
    conditions &&
    Object.fromEntries(
      Object.entries(conditions).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, oneOrMany([value].flat())])),
      ]),
    );
  return { Sid: sid, Effect: 'Allow', Action: oneOrMany(actions), Resource: oneOrMany(resources), Condition };
}

export function roleArn(name: string): string {
  return referenceTo({ type: 'role', key: name }, 'arn');
}

/** As IAM takes it: a list has no order and nothing twice, and one of one is its element. */
export function oneOrMany(values: readonly string[]): string | readonly string[] {
  const distinct = sorted([...new Set(values)]);
  return distinct.length === 1 ? distinct[0]! : distinct;
}
