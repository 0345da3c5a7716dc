import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import { EcrRepositoryPolicy } from '@cdktf/provider-aws/lib/ecr-repository-policy';
import { EcsService } from '@cdktf/provider-aws/lib/ecs-service';
import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LbListenerCertificate } from '@cdktf/provider-aws/lib/lb-listener-certificate';
import { LbListenerRule, type LbListenerRuleConfig } from '@cdktf/provider-aws/lib/lb-listener-rule';
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { type TerraformResource, type TerraformStack, Testing, Token } from 'cdktf';

import type { Deployment, Statement } from '../../src/model/deployment';
import { usesOtherPorts } from '../../src/model/egress';
import { FIXED_RESPONSES } from '../../src/resources/listener';
import { type Attributes, normalize, type Resources } from './hcl';

// What the modules say, said a second time: in the types of the provider's schema, with every number, path and name from
// the model. What a module is given is the Terraform expression that it is given by.

const JSON_MARK = 'json:';
const json = (value: unknown) => `${JSON_MARK}${JSON.stringify(value)}`;
const number = (expression: string) => Token.asNumber(expression);
const list = (expression: string) => Token.asList(expression);
const bool = (expression: string) => Token.asAny(expression) as unknown as boolean;
const TAGS = Token.asStringMap('${local.tags}');
const CONVENTION_TAGS = Token.asStringMap('${local.convention_tags}');

/** The resources of module mcp_server, as the typed bindings synthesise them. */
export function serviceProgram(deployment: Deployment): Resources {
  const { contract, environments } = deployment;
  const { container, targetGroup, service, routing } = contract;
  const { executionRole, taskRole } = environments[0]!.service;
  return synthesize((stack) => {
    const logGroup = label(
      new CloudwatchLogGroup(stack, 'log_group', {
        name: '/ecs/${var.name}',
        retentionInDays: number('${var.log_retention_in_days}'),
        kmsKeyId: '${var.log_kms_key_arn}',
        skipDestroy: bool('${var.retain_data}'),
        tags: TAGS,
      }),
    );
    const role = (name: 'execution' | 'task', description: string) =>
      label(
        new IamRole(stack, name, {
          name: `\${var.name}-${name}`,
          description,
          assumeRolePolicy: '${local.trust_policy}',
          permissionsBoundary: '${var.permissions_boundary_arn}',
          tags: TAGS,
        }),
        name,
      );
    const execution = role(
      'execution',
      'Starts the tasks of ${var.name}: pulls the image, writes the log, reads the secrets',
    );
    const task = role('task', 'Identity of the tasks of ${var.name}; has no permissions');
    if (taskRole.statements.length > 0) {
      throw new Error('the model gives the task role permissions, and the module has no policy for it');
    }
    const executionPolicy = label(
      new IamRolePolicy(stack, 'execution_policy', {
        name: 'execution',
        role: execution.id,
        policy: json({ Version: '2012-10-17', Statement: { concat: executionStatements(executionRole.statements) } }),
      }),
      'execution',
    );

    const group = label(
      new SecurityGroup(stack, 'security_group', {
        name: '${coalesce(var.security_group_name, var.name)}',
        description: 'Tasks of ${var.name}',
        vpcId: '${var.vpc_id}',
        tags: TAGS,
        lifecycle: { createBeforeDestroy: true },
      }),
    );
    const ingress = label(
      new VpcSecurityGroupIngressRule(stack, 'ingress', {
        securityGroupId: group.id,
        description: 'MCP from the load balancer',
        referencedSecurityGroupId: '${each.value}',
        ipProtocol: 'tcp',
        fromPort: number('${local.container_port}'),
        toPort: number('${local.container_port}'),
        tags: TAGS,
      }),
      'alb',
    );
    ingress.addOverride('for_each', '${toset(var.alb_security_group_ids)}');
    const egress = label(
      new VpcSecurityGroupEgressRule(stack, 'egress', {
        securityGroupId: group.id,
        description: 'HTTPS',
        cidrIpv4: '${each.value}',
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        tags: TAGS,
      }),
      'https',
    );
    egress.addOverride('for_each', '${toset(var.egress_cidr_blocks)}');
    const albEgress = label(
      new VpcSecurityGroupEgressRule(stack, 'alb_egress', {
        securityGroupId: '${var.alb_egress_security_group_id}',
        description: 'MCP to the tasks of ${var.name}',
        referencedSecurityGroupId: group.id,
        ipProtocol: 'tcp',
        fromPort: number('${local.container_port}'),
        toPort: number('${local.container_port}'),
        lifecycle: { createBeforeDestroy: true, replaceTriggeredBy: [group.id] },
      }),
      'alb',
    );
    albEgress.addOverride('count', '${var.alb_egress_security_group_id == null ? 0 : 1}');
    const otherEgress = usesOtherPorts(deployment) ? [otherPorts(stack, group.id)] : [];

    const target = label(
      new LbTargetGroup(stack, 'target_group', {
        name: '${coalesce(var.target_group_name, var.name)}',
        targetType: 'ip',
        vpcId: '${var.vpc_id}',
        protocol: 'HTTP',
        port: number('${local.container_port}'),
        deregistrationDelay: String(targetGroup.deregistrationDelay),
        stickiness: {
          enabled: bool('${var.stickiness}'),
          type: 'lb_cookie',
          cookieDuration: targetGroup.stickinessDuration,
        },
        healthCheck: {
          path: '${var.health_check_path}',
          protocol: 'HTTP',
          matcher: targetGroup.matcher,
          interval: targetGroup.interval,
          timeout: targetGroup.timeout,
          healthyThreshold: targetGroup.healthyThreshold,
          unhealthyThreshold: targetGroup.unhealthyThreshold,
        },
        tags: TAGS,
        lifecycle: { createBeforeDestroy: true },
      }),
    );
    const rule = (
      name: string,
      priority: string,
      origins: string[] | undefined,
      action: LbListenerRuleConfig['action'],
      {
        count,
        paths = list('${local.path_patterns}'),
        dependsOn,
      }: { count?: string; paths?: string[]; dependsOn?: TerraformResource[] } = {},
    ) => {
      const resource = label(
        new LbListenerRule(stack, name, {
          listenerArn: '${var.alb_listener_arn}',
          priority: number(priority),
          condition: [
            { hostHeader: { values: ['${var.listener_host}'] } },
            { pathPattern: { values: paths } },
            ...(origins ? [{ httpHeader: { httpHeaderName: 'Origin', values: origins } }] : []),
          ],
          action,
          tags: TAGS,
          ...(dependsOn && { dependsOn }),
        }),
        name,
      );
      if (count) {
        resource.addOverride('count', count);
      }
      return resource;
    };
    const forward = [{ type: 'forward', targetGroupArn: target.arn }];
    const answer = ({ status, body }: { status: string; body: string }) => [
      {
        type: 'fixed-response',
        fixedResponse: { statusCode: status, contentType: 'text/plain', messageBody: body },
      },
    ];
    const allowedOrigin = rule(
      'allowed_origin',
      '${local.origin_priority + count.index}',
      list('${local.origin_chunks[count.index]}'),
      forward,
      { count: '${length(local.origin_chunks)}' },
    );
    const otherOrigin = rule('other_origin', '${local.reject_priority}', ['*'], answer(FIXED_RESPONSES.forbid), {
      count: '${length(var.allowed_origins) > 0 ? 1 : 0}',
    });
    rule('oauth_probe', '${local.probe_priority}', undefined, answer(FIXED_RESPONSES['not-found']), {
      count: '${var.answer_oauth_probes ? 1 : 0}',
      paths: [...routing.oauthProbes],
    });
    const plain = rule('mcp', '${local.rule_priority}', undefined, forward, {
      dependsOn: [allowedOrigin, otherOrigin],
    });
    if (routing.paths.length === 0) {
      throw new Error('the model routes no path');
    }

    domain(stack);

    const definition = label(
      new EcsTaskDefinition(stack, 'task_definition', {
        family: '${var.name}',
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '${tostring(var.cpu)}',
        memory: '${tostring(var.memory)}',
        executionRoleArn: execution.arn,
        taskRoleArn: task.arn,
        runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: 'X86_64' },
        tags: CONVENTION_TAGS,
        lifecycle: { createBeforeDestroy: true },
        containerDefinitions: json([
          {
            name: '${var.name}',
            image: '${var.container_image}',
            essential: true,
            user: container.user,
            readonlyRootFilesystem: true,
            linuxParameters: { initProcessEnabled: true, tmpfs: [container.tmpfs] },
            portMappings: [
              { containerPort: '${local.container_port}', hostPort: '${local.container_port}', protocol: 'tcp' },
            ],
            environment: {
              for: 'name, value',
              in: 'merge(local.environment, var.environment_variables)',
              each: { name: '${name}', value: '${value}' },
            },
            secrets: {
              for: 'secret',
              in: 'var.secret_arns',
              each: { name: '${secret.name}', valueFrom: '${secret.arn}' },
            },
            healthCheck: container.probe,
            stopTimeout: container.stopTimeout,
            logConfiguration: {
              logDriver: 'awslogs',
              options: {
                'awslogs-group': logGroup.name,
                'awslogs-region': '${data.aws_region.current.name}',
                'awslogs-stream-prefix': 'ecs',
              },
            },
          },
        ]),
      }),
    );
    const ecsService = label(
      new EcsService(stack, 'service', {
        name: '${var.name}',
        cluster: '${var.ecs_cluster_arn}',
        taskDefinition: definition.arn,
        desiredCount: number('${var.desired_count}'),
        launchType: 'FARGATE',
        platformVersion: 'LATEST',
        networkConfiguration: {
          subnets: list('${var.private_subnet_ids}'),
          securityGroups: [group.id],
          assignPublicIp: false,
        },
        loadBalancer: [
          {
            targetGroupArn: target.arn,
            containerName: '${var.name}',
            containerPort: number('${local.container_port}'),
          },
        ],
        healthCheckGracePeriodSeconds: service.healthCheckGracePeriod,
        deploymentMinimumHealthyPercent: service.minimumHealthyPercent,
        deploymentMaximumPercent: service.maximumPercent,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        waitForSteadyState: true,
        availabilityZoneRebalancing: 'ENABLED',
        propagateTags: 'SERVICE',
        enableEcsManagedTags: true,
        enableExecuteCommand: false,
        tags: CONVENTION_TAGS,
        dependsOn: [executionPolicy, plain, albEgress, egress, ...otherEgress, ingress],
      }),
    );
    ecsService.addOverride('dynamic.alarms', {
      for_each: '${length(var.deployment_alarms) > 0 ? [var.deployment_alarms] : []}',
      content: { alarm_names: '${alarms.value}', enable: true, rollback: true },
    });
  });
}

/** A rule for each block and each port beside 443. */
function otherPorts(stack: TerraformStack, securityGroupId: string): VpcSecurityGroupEgressRule {
  const rule = label(
    new VpcSecurityGroupEgressRule(stack, 'other_egress', {
      securityGroupId,
      description: 'Needed by mcp-deploy.json',
      cidrIpv4: '${each.value[0]}',
      ipProtocol: 'tcp',
      fromPort: number('${each.value[1]}'),
      toPort: number('${each.value[1]}'),
      tags: TAGS,
    }),
    'other',
  );
  rule.addOverride(
    'for_each',
    '${{ for pair in setproduct(var.egress_cidr_blocks, var.other_egress_ports) : join(" ", pair) => pair }}',
  );
  return rule;
}

/** A host name of its own: certificate, its validation, its place on the listener, the alias. */
function domain(stack: TerraformStack): void {
  const issued = '${local.issue_certificate ? 1 : 0}';
  const certificate = label(
    new AcmCertificate(stack, 'certificate', {
      domainName: '${var.listener_host}',
      validationMethod: 'DNS',
      tags: TAGS,
      lifecycle: { createBeforeDestroy: true },
    }),
  );
  certificate.addOverride('count', issued);
  const option = (key: string) =>
    `\${one(aws_acm_certificate.mcp[0].domain_validation_options).resource_record_${key}}`;
  const record = label(
    new Route53Record(stack, 'validation_record', {
      zoneId: '${local.hosted_zone_id}',
      name: option('name'),
      type: option('type'),
      records: [option('value')],
      ttl: 300,
      allowOverwrite: true,
    }),
    'certificate_validation',
  );
  record.addOverride('count', issued);
  const validation = label(
    new AcmCertificateValidation(stack, 'validation', {
      certificateArn: '${aws_acm_certificate.mcp[0].arn}',
      validationRecordFqdns: ['${aws_route53_record.certificate_validation[0].fqdn}'],
    }),
  );
  validation.addOverride('count', issued);
  const attachment = label(
    new LbListenerCertificate(stack, 'listener_certificate', {
      listenerArn: '${var.alb_listener_arn}',
      certificateArn:
        '${local.issue_certificate ? aws_acm_certificate_validation.mcp[0].certificate_arn : local.certificate_arn}',
      lifecycle: { createBeforeDestroy: true },
    }),
  );
  attachment.addOverride('count', '${var.domain != null ? 1 : 0}');
  const alias = (id: string, type: string, condition: string) =>
    label(
      new Route53Record(stack, id, {
        zoneId: '${local.hosted_zone_id}',
        name: '${var.listener_host}',
        type,
        alias: { name: '${var.domain.alb_dns_name}', zoneId: '${var.domain.alb_zone_id}', evaluateTargetHealth: false },
      }),
      id,
    ).addOverride('count', `\${${condition} ? 1 : 0}`);
  alias('alias', 'A', 'local.hosted_zone_id != null');
  alias('alias_ipv6', 'AAAA', 'local.has_ipv6_alias');
}

/** The resources of module registry, as the typed bindings synthesise them. */
export function registryProgram({ contract }: Deployment): Resources {
  return synthesize((stack) => {
    const repository = label(
      new EcrRepository(stack, 'repository', {
        name: '${var.name}',
        forceDelete: bool('${!var.retain_data}'),
        imageTagMutability: 'IMMUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: [{ encryptionType: 'AES256' }],
        tags: Token.asStringMap('${var.tags}'),
      }),
    );
    label(
      new EcrLifecyclePolicy(stack, 'lifecycle', {
        repository: repository.name,
        policy: json({
          rules: [
            {
              rulePriority: 1,
              description: 'Expire untagged images',
              selection: {
                tagStatus: 'untagged',
                countType: 'sinceImagePushed',
                countUnit: 'days',
                countNumber: contract.registry.expireUntaggedAfterDays,
              },
              action: { type: 'expire' },
            },
          ],
        }),
      }),
    );
    const pull = label(
      new EcrRepositoryPolicy(stack, 'pull', {
        repository: repository.name,
        policy: json({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'PullFromOtherAccounts',
              Effect: 'Allow',
              Principal: {
                AWS: '${distinct([for arn in var.pull_role_arns : replace(arn, "/:role\\\\/.*/", ":root")])}',
              },
              Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
              Condition: { ArnLike: { 'aws:PrincipalArn': '${var.pull_role_arns}' } },
            },
          ],
        }),
      }),
      'pull',
    );
    pull.addOverride('count', '${length(var.pull_role_arns) > 0 ? 1 : 0}');
  });
}

/** Where in the module each statement of the model gets its resources from. */
const RESOURCES: Readonly<Record<string, unknown>> = {
  AuthorizeAgainstRegistry: ['*'],
  PullImage: ['${var.container_repository_arn}'],
  WriteLogs: [
    'arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:log-group:/ecs/${var.name}:*',
  ],
};
const OPTIONAL_RESOURCES: Readonly<Record<string, string>> = {
  ReadSecrets: '[local.secret_arns]',
  ReadParameters: '[local.parameter_arns]',
};

/** The arguments of concat: the statements that always stand, then one comprehension for each that may be left out. */
function executionStatements(statements: readonly Statement[]): unknown[] {
  const unknown = statements.filter(({ sid }) => !(sid in RESOURCES) && !(sid in OPTIONAL_RESOURCES));
  if (unknown.length > 0) {
    throw new Error(`the module has no statement ${unknown.map(({ sid }) => sid).join(', ')}`);
  }
  const write = ({ sid, actions }: Statement, Resource: unknown) => ({
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource,
  });
  return [
    statements.filter(({ sid }) => sid in RESOURCES).map((statement) => write(statement, RESOURCES[statement.sid])),
    ...statements
      .filter(({ sid }) => sid in OPTIONAL_RESOURCES)
      .map((statement) => ({
        for: 'arns',
        in: OPTIONAL_RESOURCES[statement.sid],
        each: write(statement, '${arns}'),
        if: 'length(arns) > 0',
      })),
  ];
}

/** Gives a resource the name that it has in the module. */
function label<T extends TerraformResource>(resource: T, name = 'mcp'): T {
  resource.overrideLogicalId(name);
  return resource;
}

function synthesize(program: (stack: TerraformStack) => void): Resources {
  const { resource } = JSON.parse(Testing.synthScope((scope) => program(scope as TerraformStack))) as {
    resource: Record<string, Record<string, Attributes>>;
  };
  return Object.fromEntries(
    Object.entries(resource).flatMap(([type, byName]) =>
      Object.entries(byName).map(([name, body]) => [`${type}.${name}`, normalize(decodeJson(body)) as Attributes]),
    ),
  );
}

function decodeJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, inner) =>
    typeof inner === 'string' && inner.startsWith(JSON_MARK) ? JSON.parse(inner.slice(JSON_MARK.length)) : inner,
  );
}
