import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { TerraformLocal, Token, VariableType } from 'cdktf';

import { DEFAULT_AUDIENCE } from '../../src/config/partitions';
import type { Deployment } from '../../src/model/deployment';
import { resourcesOf } from '../../src/resources/resources';
import { declare, REGISTRY_OUTPUTS, REGISTRY_VARIABLES, synthesize } from './declarations';

// What the module of the registry has for roles of workflows, said a second time: claims and the provider from the model.

const STATEMENT = VariableType.object({
  Sid: 'string',
  Action: 'list(string)',
  Resource: 'list(string)',
  Condition: 'optional(map(map(list(string))))',
});
const TAGS = Token.asStringMap('${var.tags}');

export const DELIVERY_VARIABLES = {
  oidc_provider_arn: { type: VariableType.STRING, default: Token.nullValue() },
  create_oidc_provider: { type: VariableType.BOOL, nullable: false, default: false },
  delivery_roles: {
    type: VariableType.map(
      VariableType.object({
        name: 'string',
        description: 'string',
        subject: 'string',
        repository_id: 'optional(string)',
        permissions_boundary_arn: 'optional(string)',
        policies: VariableType.map(VariableType.object({ name: 'string', statements: VariableType.list(STATEMENT) })),
      }),
    ),
    nullable: false,
    default: {},
  },
};

/** What data says only where it is not the default. */
const OPTIONAL_VARIABLES = {
  oidc_audience: { type: VariableType.STRING, nullable: false, default: DEFAULT_AUDIENCE },
};

/** All variables beside those of the repository. */
export const ALL_DELIVERY_VARIABLES = { ...DELIVERY_VARIABLES, ...OPTIONAL_VARIABLES };

/** The whole of what module registry has beside its repository; without one, it is what module roles has. */
export function deliveryProgram(deployment: Deployment, hasRepository = true) {
  const { thumbprints, url } = resourcesOf(deployment).find(({ type }) => type === 'oidcProvider')!.properties as {
    thumbprints: string[];
    url: string;
  };
  const issuer = url.replace('https://', '');
  return synthesize((stack) => {
    declare(
      stack,
      { ...(hasRepository ? REGISTRY_VARIABLES : { tags: REGISTRY_VARIABLES.tags }), ...ALL_DELIVERY_VARIABLES },
      {
        ...(hasRepository && REGISTRY_OUTPUTS),
        delivery_role_arns: '${{for duty, role in aws_iam_role.delivery : duty => role.arn}}',
      },
    );
    const each = `{for key, value in merge(statement, {Effect = "Allow"}) : key => value if value != null}`;
    const policies = `\${merge([for duty, role in var.delivery_roles : {
      for topic, policy in role.policies : "\${duty}-\${topic}" => {
        duty = duty
        name = policy.name
        statements = [for statement in policy.statements : ${each}]
      }
    }]...)}`;
    new TerraformLocal(stack, 'local_delivery_policies', policies).overrideLogicalId('delivery_policies');
    const provider = new IamOpenidConnectProvider(stack, 'provider', {
      url,
      clientIdList: ['${var.oidc_audience}'],
      thumbprintList: thumbprints,
      tags: TAGS,
    });
    provider.overrideLogicalId('github');
    provider.addOverride('count', '${var.create_oidc_provider ? 1 : 0}');
    const role = new IamRole(stack, 'role', {
      name: '${each.value.name}',
      description: '${each.value.description}',
      permissionsBoundary: '${each.value.permissions_boundary_arn}',
      assumeRolePolicy: `\${jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect = "Allow"
          Principal = { Federated = var.oidc_provider_arn }
          Action = "sts:AssumeRoleWithWebIdentity"
          Condition = { StringEquals = merge(
            {
              "${issuer}:aud" = var.oidc_audience
              "${issuer}:sub" = each.value.subject
            },
            each.value.repository_id == null ? {} : { "${issuer}:repository_id" = each.value.repository_id }
          ) }
        }]
      })}`,
      tags: TAGS,
      lifecycle: { createBeforeDestroy: true },
    });
    role.overrideLogicalId('delivery');
    role.addOverride('for_each', '${var.delivery_roles}');
    const policy = new IamPolicy(stack, 'policy', {
      name: '${each.value.name}',
      policy: `\${jsonencode({ Version = "2012-10-17", Statement = each.value.statements })}`,
      tags: TAGS,
      lifecycle: { createBeforeDestroy: true },
    });
    policy.overrideLogicalId('delivery');
    policy.addOverride('for_each', '${local.delivery_policies}');
    const attachment = new IamRolePolicyAttachment(stack, 'attachment', {
      role: '${aws_iam_role.delivery[each.value.duty].name}',
      policyArn: '${aws_iam_policy.delivery[each.key].arn}',
    });
    attachment.overrideLogicalId('delivery');
    attachment.addOverride('for_each', '${local.delivery_policies}');
  });
}
