import { describeValue, type Problem } from '../../config/problem';
import { RESERVED_TAGS } from '../../config/tags';
import { rulesOf } from '../listener-block';
import { ownOrigin } from '../routing';
import { type Draft, looseObject, type Subject } from '../unchecked';

/** Limits of services that several answers share. The limits of a single answer are in its format. */

/**
 * Bytes of a task definition, and the part for the owner's variables and secrets: the rest takes less than 6 KiB, with
 * all that the conventions set. Source: Amazon ECS Developer Guide, "Amazon ECS service quotas", Task definition size.
 */
const TASK_DEFINITION = 64 * 1024;
const OWN_PART = TASK_DEFINITION - 6 * 1024;

/** Bytes of a parameter's value. Source: AWS CloudFormation User Guide, "Understand CloudFormation quotas". */
const PARAMETER_VALUE = 4096;

/**
 * Bytes for an owner's variables and secrets in the CDK's template. The template is passed in the request, without a
 * bucket. CloudFormation takes up to 51,200 bytes there, and the template has at most 32,000 of its own. Source: AWS
 * CloudFormation User Guide, "Understand CloudFormation quotas", Template body size in a request.
 */
const CDK_PART = 51_200 - 32_000;

/**
 * Characters of a role's inline policies, and those left to the ARNs of secrets.
 * Source: IAM User Guide, "IAM and AWS STS quotas".
 */
const SECRETS_PART = 10_240 - 1_500;

/** Tags of a resource. Source: AWS General Reference, "Tagging your AWS resources", "Tag usage requirements". */
const MOST_TAGS = 50;

/** Source: AWS Certificate Manager API Reference, RequestCertificate, DomainName: the common name of RFC 5280. */
const COMMON_NAME = 64;

/** Source: Elastic Load Balancing API Reference, HttpHeaderConditionConfig. */
const HEADER_VALUE = 128;

/** Checks an environment against the limits of AWS's services. */
export function limitsHold(subject: Subject, { answers: { target = 'terraform' } }: Draft): Problem[] {
  return [
    ...taskDefinitionFits(subject, target),
    ...(target === 'cloudformation' ? parametersFit(subject) : []),
    ...policyFits(subject),
    ...certificateFits(subject),
    ...ownOriginFits(subject),
  ];
}

function taskDefinitionFits({ path, environment }: Subject, target: unknown): Problem[] {
  const variables = Object.entries(looseObject(environment.environment)).map(([name, value]) => ({ name, value }));
  const secrets = Object.entries(looseObject(environment.secrets)).map(([name, valueFrom]) => ({ name, valueFrom }));
  const size = bytes(JSON.stringify([...variables, ...secrets]));
  const [limit, whose] =
    target === 'cdk'
      ? [CDK_PART, 'the template of the CDK, which CloudFormation takes up to 51,200 bytes of,']
      : [OWN_PART, 'a task definition, which ECS takes up to 64 KiB of,'];
  return size > limit
    ? [
        {
          path: `${path}.environment`,
          message: `has ${count(size)} bytes, with secrets: ${whose} has room for ${count(limit)} of them; take fewer or shorter values`,
        },
      ]
    : [];
}

function parametersFit({ path, environment }: Subject): Problem[] {
  const values = Object.entries(looseObject(environment.environment)).map(
    ([name, value]) => [`environment.${name}`, value] as const,
  );
  const lists = [
    ['secrets', Object.values(looseObject(environment.secrets))],
    ['deployment.alarms', looseObject<{ alarms: unknown }>(environment.deployment).alarms],
  ] as const;
  const texts = [
    ...values,
    ...lists.map(([key, list]) => [key, Array.isArray(list) ? list.join(',') : undefined] as const),
  ];
  return texts.flatMap(([key, text]) => {
    if (typeof text !== 'string' || (text !== NOT_SET && bytes(text) <= PARAMETER_VALUE)) {
      return [];
    }
    const message =
      text === NOT_SET
        ? `must not be ${NOT_SET}: the template takes that for a variable that is not set`
        : `has ${count(bytes(text))} bytes, and a parameter of CloudFormation takes ${count(PARAMETER_VALUE)}; shorten it, or take target terraform`;
    return [{ path: `${path}.${key}`, message }];
  });
}

/** Value of a CloudFormation parameter whose variable is not set: an empty text would be a value, too. */
export const NOT_SET = '(not set)';

function policyFits({ path, environment }: Subject): Problem[] {
  const arns = new Set(Object.values(looseObject(environment.secrets)).map((arn) => String(arn)));
  const size = JSON.stringify([...arns]).length;
  return size > SECRETS_PART
    ? [
        {
          path: `${path}.secrets`,
          message: `has ${count(size)} characters of ARNs, and the policy of the execution role has room for ${count(SECRETS_PART)}; keep several values in one secret of Secrets Manager, and name them by ARN:KEY::`,
        },
      ]
    : [];
}

/** Tags of all environments are reported once if they are too many by themselves. */
export function tagsFit({ answers: { tags }, subjects }: Draft): Problem[] {
  const most = MOST_TAGS - RESERVED_TAGS.length;
  const common = [...Object.keys(looseObject(tags)), 'Project'];
  const tooMany = (path: string, keys: readonly string[], others: string): Problem[] => {
    const { size } = new Set(keys);
    const message = `comes to ${size} tags${others}, and a resource takes ${MOST_TAGS}, of which the generator sets ${RESERVED_TAGS.length}; take ${most} at most`;
    return size > most ? [{ path, message }] : [];
  };
  const ofAll = tooMany('tags', common, ' with Project');
  return ofAll.length > 0
    ? ofAll
    : subjects.flatMap(({ path, environment }) =>
        tooMany(
          `${path}.tags`,
          [...common, ...Object.keys(looseObject(environment.tags))],
          ' with those of all environments',
        ),
      );
}

function certificateFits({ path, environment }: Subject): Problem[] {
  const { mode, host, certificateArn } = looseObject<{ mode: string; host: string; certificateArn: string }>(
    environment.routing,
  );
  return mode === 'domain' && typeof host === 'string' && certificateArn === undefined && host.length > COMMON_NAME
    ? [
        {
          path: `${path}.routing.host`,
          found: describeValue(host),
          message: `has ${host.length} characters, and ACM issues a certificate for ${COMMON_NAME} at most; take a shorter name, or give certificateArn`,
        },
      ]
    : [];
}

function ownOriginFits({ path, environment }: Subject): Problem[] {
  const { host } = looseObject<{ host: string }>(environment.routing);
  if (typeof host !== 'string' || rulesOf(environment).foreignOrigins === 'forward') {
    return [];
  }
  const { catalogUrl } = environment;
  const origin =
    typeof catalogUrl === 'string' && URL.canParse(catalogUrl) ? ownOrigin({ catalogUrl, host }) : `https://${host}`;
  return origin.length > HEADER_VALUE
    ? [
        {
          path: `${path}.routing.host`,
          found: describeValue(host),
          message: `makes an origin of ${origin.length} characters, which a listener rule compares up to ${HEADER_VALUE} of; take a shorter name, or cors.foreignOrigins forward`,
        },
      ]
    : [];
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function count(number: number): string {
  return number.toLocaleString('en');
}
