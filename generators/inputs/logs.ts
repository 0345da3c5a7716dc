import { LOG_RETENTION_DAYS } from '../../src/config/environment/logs';
import { hcl, yamlFlow } from '../escape';
import type { Input } from './input';

export const LOGS: readonly Input[] = [
  {
    name: 'logRetention',
    kind: 'number',
    description: 'Days that log events are kept',
    default: 30,
    value: ({ answers }) => answers.logs.retention,
    terraform: {
      name: 'log_retention_in_days',
      description: 'Days that log events are kept; 0 keeps them for ever',
      rules: [
        [
          `contains(${hcl([0, ...LOG_RETENTION_DAYS])}, var.log_retention_in_days)`,
          `CloudWatch Logs keeps events for 0 (for ever), ${LOG_RETENTION_DAYS.slice(0, -1).join(', ')} or ${LOG_RETENTION_DAYS.at(-1)} days.`,
        ],
      ],
    },
    cloudformation: { name: 'LogRetentionInDays', allowed: yamlFlow(LOG_RETENTION_DAYS) },
    cdk: { type: 'RetentionDays', from: 'aws-cdk-lib/aws-logs', default: 'RetentionDays.ONE_MONTH' },
  },
  {
    name: 'logKmsKeyArn',
    kind: 'text',
    description:
      "KMS key of the log group, whose policy lets CloudWatch Logs use it; empty, CloudWatch's own encryption",
    default: null,
    pattern: 'arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[a-zA-Z0-9-]+',
    value: ({ answers }) => answers.logs.kmsKeyArn,
    terraform: {
      description:
        "KMS key of the log group, whose policy lets CloudWatch Logs use it; null takes CloudWatch's own encryption",
      must: 'The key is given by its ARN, not by an alias: arn:aws:kms:REGION:ACCOUNT:key/ID.',
    },
    cloudformation: { must: 'The ARN of a key, not of an alias, or nothing.' },
    cdk: {
      default: "- CloudWatch's own encryption",
      doc: "ARN of the log group's KMS key, whose policy lets CloudWatch Logs use it.",
    },
  },
  {
    name: 'retainData',
    kind: 'boolean',
    description: 'Whether the log group outlives its stack',
    default: true,
    value: ({ logGroup }) => logGroup.retain,
    terraform: { default: 'false', description: 'Whether the log group is kept when the service is destroyed' },
    cloudformation: {},
    cdk: {},
  },
  {
    name: 'permissionsBoundaryArn',
    kind: 'text',
    description: 'Permissions boundary of the IAM roles; empty, they have none',
    default: null,
    pattern: 'arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+',
    value: ({ executionRole }) => executionRole.permissionsBoundaryArn,
    terraform: {
      description: 'Permissions boundary of the IAM roles',
      must: 'The boundary is given by the ARN of an IAM policy: arn:aws:iam::ACCOUNT:policy/NAME.',
    },
    cloudformation: { must: 'The ARN of an IAM policy, or nothing.' },
    cdk: { default: '- they have none', doc: "ARN of the IAM roles' permissions boundary." },
  },
  {
    name: 'restrictRoleTrust',
    kind: 'boolean',
    description: 'Whether ECS may assume the IAM roles only for tasks of this account and region',
    default: true,
    terraform: {},
  },
];
