import * as z from 'zod';

import { DIGEST } from './digest';
import { PARTITIONS } from './partitions';

/**
 * Formats of answers that are text: each takes any form that the service, its command line or its console prints, and
 * gives it in one normal form, see {@link normalAnswers}. A format's message says what is allowed, with an example if
 * the form is not obvious. Each names the source of its pattern and of its length.
 */

/** A text of one pattern. `normal` turns another notation into that of AWS or a browser. */
export function text(pattern: RegExp, message: string, normal?: (text: string) => string) {
  const schema = z
    .string({
      error: ({ input }) =>
        typeof input === 'number' || typeof input === 'boolean' ? 'must be text: put it in quotes' : message,
    })
    .regex(pattern, message);
  return normal ? schema.overwrite(normal) : schema;
}

/** One of several numbers. */
export const oneOf = (values: readonly number[], message: string) =>
  z.literal([...values], message) as unknown as z.ZodType<number, number>;

/** The beginning of an ARN of any partition. */
const ARN = 'arn:aws[a-z-]*';
/** Region and account in an ARN. */
const PLACE = '[a-z0-9-]+:[0-9]{12}';

/**
 * An ARN. Source of its length: AWS Identity and Access Management API Reference, arnType (20 to 2,048 characters); Elastic
 * Load Balancing and ACM have the same.
 */
const arn = (service: string, resource: string, example: string) =>
  text(new RegExp(`^(?=.{20,2048}$)${ARN}:${service}:${resource}$`), `must be an ARN like ${example}`);

/** Source: AWS Account Management API Reference, AccountId. The console shows it with hyphens. */
export const accountId = text(
  /^([0-9]{12}|[0-9]{4}-[0-9]{4}-[0-9]{4})$/,
  'must be an AWS account id: 12 digits',
  (id) => id.replaceAll('-', ''),
);

/** The same as the name of an answer, which is compared as it stands. */
export const accountKey = text(/^[0-9]{12}$/, 'must be an AWS account id: 12 digits, without hyphens');

/** Source: the patterns of {@link PARTITIONS}. */
export const region = text(
  new RegExp(`^(${PARTITIONS.map(({ regions }) => regions).join('|')})$`),
  'must be an AWS region, e.g. us-east-1',
);

/**
 * A label of a host name, and a port from 1 to 65535. Source: RFC 1123, section 2.1; RFC 1035, section 2.3.4 (a label has
 * at most 63 characters, a name at most 253 as text).
 */
const LABEL = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const PORT = '([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])';
const FULL_NAME = `(${LABEL}\\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])`;

/** DNS tells no capitals apart, and a full name may end in a dot. AWS prints both. */
const normalName = (name: string) => name.toLowerCase().replace(/\.$/, '');

const longestName = (characters: number) => `(?=.{1,${characters}}\\.?$)`;

/**
 * A host that a listener rule matches.
 * Source: Elastic Load Balancing API Reference, HostHeaderConditionConfig: at most 128 characters.
 */
export const hostName = text(
  new RegExp(`^${longestName(128)}${FULL_NAME}\\.?$`),
  'must be a host name of at most 128 characters, without scheme, port or path, e.g. mcp.example.com',
  normalName,
);

/**
 * The DNS name of a load balancer, which keeps the capitals of its own name.
 * Source: Elastic Load Balancing API Reference, LoadBalancer, DNSName; Amazon Route 53 API Reference, AliasTarget, DNSName.
 */
export const dnsName = text(
  new RegExp(`^${longestName(253)}${FULL_NAME}\\.?$`),
  'must be a DNS name as AWS prints it, e.g. quilt-0123456789.us-east-1.elb.amazonaws.com',
  normalName,
);

/** The normal form of a URL: lower case, no dot or slash at the end, no default port. */
const normalUrl = (url: string) =>
  url
    .toLowerCase()
    .replace(/\/$/, '')
    .replace(/^(https:.*):443$|^(http:.*):80$/, '$1$2')
    .replace(/\.(?=(:[0-9]+)?$)/, '');

/** The URL of a site. Source: RFC 3986, section 3.2. */
const HTTPS_URL =
  'must be an https URL without path or query, with a port from 1 to 65535 if it has one, e.g. https://quilt.example.com';
export const httpsUrl = text(
  new RegExp(`^[Hh][Tt][Tt][Pp][Ss]://(?=[^:/]{1,253}\\.?(:[0-9]+)?/?$)${LABEL}(\\.${LABEL})*\\.?(:${PORT})?/?$`),
  HTTPS_URL,
  normalUrl,
).refine((url) => URL.canParse(url), HTTPS_URL);

/**
 * An origin of a browser, as the header `Origin` has it. That of an extension or an editor has a scheme of its own, whose
 * host keeps its capitals. `null`, which every sandboxed page sends, and wildcards would let anybody in.
 * Source: RFC 6454, section 6.2; WHATWG URL Standard, "Origin". Elastic Load Balancing API Reference,
 * HttpHeaderConditionConfig: at most 128 characters, and `*` and `?` are wildcards.
 */
const ORIGIN = 'must be an origin as a browser sends it: scheme, host and port if any';
export const origin = text(
  new RegExp(
    `^([Hh][Tt][Tt][Pp][Ss]?://([A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\\.?|\\[[0-9A-Fa-f:.]{2,45}\\])|(?![Hh][Tt][Tt][Pp][Ss]?:)[A-Za-z][A-Za-z0-9+.-]*://[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?)(:${PORT})?/?$`,
  ),
  `${ORIGIN}, e.g. https://quilt.example.com or vscode-file://vscode-app; neither null nor *`,
  normalOrigin,
)
  // A text that looks like an address of IPv4 or IPv6 may be invalid.
  .refine((one) => URL.canParse(one), `${ORIGIN}, e.g. http://[::1]:6274`)
  .max(128, 'must have at most 128 characters, which is what a listener rule takes');

function normalOrigin(one: string): string {
  if (!/^https?:/i.test(one)) {
    return one.replace(/^[^:]+/, (scheme) => scheme.toLowerCase()).replace(/\/$/, '');
  }
  // A browser writes an address of IPv6 in its shortest form.
  return one.includes('[') && URL.canParse(one) ? new URL(one).origin : normalUrl(one);
}

/**
 * The host of a registry of images, with its port if it has one.
 * Source: distribution/reference, "Grammar" (domain); a first part without dot or port would be a name on Docker Hub.
 */
export const imageRegistry = text(
  new RegExp(`^${longestName(253)}(localhost|(${LABEL}\\.)+${LABEL}|${LABEL}(\\.${LABEL})*:${PORT})(:${PORT})?$`),
  "must be a registry's host, with its port if it has one, e.g. registry.example.com:5000",
  (host) => host.toLowerCase(),
);

/** Source: distribution/reference, "Grammar" (path-component, at most 255 characters); Amazon ECR takes less. */
export const imageRepository = text(
  /^(?=.{1,255}$)[a-z0-9]+((\.|_|__|-+|\/)[a-z0-9]+)*$/,
  'must be the name of a container repository, e.g. quiltdata/mcp',
);

/** Source: distribution/reference, "Grammar" (tag). */
export const imageTag = text(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, 'must be a published version, e.g. 0.22.0');

export const imageDigest = text(DIGEST, 'must be sha256: and 64 hexadecimal digits, or null until it is known');

export const commitId = text(
  /^[0-9a-f]{40}$/,
  "must be the whole id of a commit of upstream's source: 40 hexadecimal digits, or null until it is known; docs/image.md says how to find it",
);

/**
 * A hosted zone's id. Route 53 prints it as `/hostedzone/ID`, and Terraform also as an ARN.
 * Source: Amazon Route 53 API Reference, HostedZone, Id: at most 32 characters.
 */
const zoneId = (message: string) =>
  text(new RegExp(`^((${ARN}:route53:::)?/?hostedzone/)?[A-Z0-9]{1,32}$`), message, (id) => id.replace(/^.*\//, ''));
export const hostedZoneId = zoneId('must be a Route 53 hosted zone id, e.g. Z0123456789ABCDEFGHIJ');
export const albHostedZoneId = zoneId("must be the load balancer's canonical hosted zone id, e.g. Z35SXDOTRQ7X7K");

/**
 * A certificate of ACM or, if that has none to give, of IAM.
 * Source: Elastic Load Balancing API Reference, Certificate; IAM User Guide, "IAM identifiers" (path and name).
 */
export const certificateArn = arn(
  '(acm',
  `${PLACE}:certificate/[A-Za-z0-9-]+|iam::[0-9]{12}:server-certificate/[A-Za-z0-9_+=,.@/-]+)`,
  'arn:aws:acm:us-east-1:111122223333:certificate/… or arn:aws:iam::111122223333:server-certificate/…',
);

/** The ARN of a key, not of an alias. Source: AWS KMS Developer Guide, "Key identifiers". */
export const kmsKeyArn = arn('kms', `${PLACE}:key/[A-Za-z0-9-]+`, 'arn:aws:kms:us-east-1:111122223333:key/…');

/**
 * ARN of the source of a variable that ECS fills: of Secrets Manager, perhaps with JSON key, version stage and version
 * id, or of SSM. Source: Amazon ECS Developer Guide, "Pass sensitive data to an Amazon ECS container"; AWS Secrets
 * Manager API Reference, CreateSecret, Name; AWS Systems Manager API Reference, PutParameter, Name.
 */
export const secretArn = text(
  new RegExp(
    `^(?=.{20,2048}$)${ARN}:(secretsmanager:${PLACE}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}(:[^:,\\s]*:[^:,\\s]*:[^:,\\s]*)?|ssm:${PLACE}:parameter/[A-Za-z0-9/_.-]+)$`,
  ),
  'must be the whole ARN of a Secrets Manager secret (with its six last characters) or of an SSM parameter: a reference, never the value itself',
);

/** A boundary of the account, or one that AWS manages. Source: IAM User Guide, "IAM identifiers". */
export const boundaryArn = arn(
  'iam',
  ':([0-9]{12}|aws):policy/[A-Za-z0-9/_+=,.@-]+',
  'arn:aws:iam::111122223333:policy/boundary',
);

/** Source: IAM User Guide, "Create an OpenID Connect identity provider"; GitHub's issuer. */
export const oidcProviderArn = arn(
  'iam',
  ':[0-9]{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com',
  'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
);

/** Ids of EC2: 8 hexadecimal digits, 17 since 2016. Source: Amazon EC2 User Guide, "Resource IDs". */
export const vpcId = text(/^vpc-[0-9a-f]{8,17}$/, 'must be a VPC id, e.g. vpc-0123456789abcdef0');
export const subnetId = text(/^subnet-[0-9a-f]{8,17}$/, 'must be a subnet id, e.g. subnet-0123456789abcdef0');
export const securityGroupId = text(/^sg-[0-9a-f]{8,17}$/, 'must be a security group id, e.g. sg-0123456789abcdef0');

/** Source: Elastic Load Balancing API Reference, CreateLoadBalancer, Name (at most 32 characters); Service Authorization Reference, listener/app. */
export const listenerArn = arn(
  'elasticloadbalancing',
  `${PLACE}:listener/app/[A-Za-z0-9-]{1,32}/[0-9a-f]+/[0-9a-f]+`,
  'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/quilt/0123456789abcdef/0123456789abcdef',
);

/** Source: Amazon ECS API Reference, CreateCluster, clusterName. */
const CLUSTER = '[A-Za-z0-9_-]{1,255}';
export const clusterName = text(new RegExp(`^${CLUSTER}$`), 'must be the name of an ECS cluster');
export const clusterArn = arn('ecs', `${PLACE}:cluster/${CLUSTER}`, 'arn:aws:ecs:us-east-1:111122223333:cluster/quilt');

/**
 * The name of an alarm. A parameter of CloudFormation parts its list by commas, and takes no space around them.
 * Source: Amazon CloudWatch API Reference, PutMetricAlarm, AlarmName: 1 to 255 characters, without control characters.
 */
export const alarmName = text(
  /^(?! )[^\p{C},]{1,255}(?<! )$/u,
  'must be the name of a CloudWatch alarm: at most 255 characters, without a comma, and no space around it',
);

/** Source: Amazon S3 User Guide, "General purpose bucket naming rules". */
export const bucketName = text(
  /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  'must be the name of an S3 bucket: 3 to 63 lower-case letters, digits, dots and hyphens',
);

/**
 * Prefix of the keys of Terraform's states. `*` and `?` would be wildcards in the roles' policies. Source: Amazon S3
 * User Guide, "Naming Amazon S3 objects": 1,024 bytes, of which the names below it take less than 124.
 */
export const keyPrefix = text(
  /^(?=.{1,900}$)\/?[A-Za-z0-9!_.'()=:@+-]+(\/[A-Za-z0-9!_.'()=:@+-]+)*\/?$/,
  "must be a key prefix of at most 900 letters, digits, slashes or ! _ . ' ( ) = : @ + -",
  (prefix) => prefix.replace(/^\/|\/$/g, ''),
);

/** Source: IAM API Reference, Tag; Amazon ECS and Elastic Load Balancing have the same lengths: 128 and 256. */
export const tagValue = text(
  /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u,
  'must be at most 256 letters, digits, spaces or _ . : / = + - @',
);
export const tagKey = text(
  /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu,
  'must be 1 to 128 letters, digits, spaces or _ . : / = + - @, and not begin with aws:',
);

/**
 * The name of a variable. ECS names no limit; the name of CloudFormation's parameter for it has one, of 255 characters, and
 * begins with `Variable`.
 * Source: POSIX.1-2017, "Environment Variable Definition"; AWS CloudFormation User Guide, "Understand CloudFormation quotas".
 */
export const variableName = text(
  /^[A-Za-z_][A-Za-z0-9_]{0,239}$/,
  'must be the name of an environment variable: at most 240 letters, digits and _, not beginning with a digit, e.g. QUILT_SERVICE_TIMEOUT',
);

/**
 * The value of a variable. Text that an engine or an answer of AWS would not return unchanged is refused: control
 * characters, as XML has none; references that CloudFormation resolves, and texts that the CDK takes for its own.
 * Source: W3C XML 1.0, section 2.2; AWS CloudFormation User Guide, "Get values stored in other services using dynamic
 * references"; AWS CDK Developer Guide, "Tokens".
 */
export const variableValue = z
  .string('must be text, in quotes')
  .refine((value) => !hasControls(value), 'must not have control characters but tabs and line ends')
  .refine((value) => !/\p{Surrogate}/u.test(value), 'must be valid Unicode: it has half of a surrogate pair')
  .refine(
    (value) => !value.includes('{{resolve:'),
    'must not have {{resolve:…}}, in whose place CloudFormation puts the value that it refers to; give its ARN under secrets',
  )
  .refine(
    (value) => !/\$\{Token\[|#\{Token\[/.test(value),
    'must not have ${Token[…]}, which the AWS CDK takes for its own',
  );

function hasControls(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/.test(value);
}

/** Source: GitHub Docs, "Naming conventions for configuration variables" and "Naming your secrets". */
export const actionsName = (kind: string, example: string) =>
  text(
    /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/,
    `must be the name of ${kind} of GitHub Actions, e.g. ${example}: capitals, digits and _, not beginning with a digit or GITHUB_; a reference, never the value itself`,
  );

/**
 * Owner and name of a repository, which the URLs that a browser and git show come to. A managed user's name ends in `_` and the
 * short code of the enterprise.
 * Source: GitHub Docs, "Username considerations for external authentication" and "Creating a new repository".
 */
const OWNER_AND_NAME = '[A-Za-z0-9_-]{1,39}/(?!\\.{1,2}(\\.git)?/?$)[A-Za-z0-9._-]{1,100}';
export const githubRepository = text(
  new RegExp(`^(${OWNER_AND_NAME}|(https://|ssh://git@|git@)github\\.com[/:]${OWNER_AND_NAME}/?)$`),
  'must be owner/name of a GitHub repository, or its URL on github.com',
  (name) => (name.includes('github.com') ? name.replace(/^.*github\.com[/:]/, '').replace(/(\.git)?\/?$/, '') : name),
);

/** A path within the repository. */
export const repositoryPath = text(
  /^(?!\/)(?!.*(^|\/)\.\.?(\/|$))[^\\\0]+$/,
  'must be a path from the root of the repository, e.g. docs/deployment.md',
);

/** Narrower than the rules for a stack's name: ECR takes no hyphen at an end or beside another, EC2 no sg- in front. */
export const deploymentName = text(
  /^(?!sg-)(?=.{1,20}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  'must be 1 to 20 lower-case letters, digits and single hyphens, from a letter to a letter or digit, and not begin with sg-',
);

/** As for the deployment's name: target groups and ECR repositories are named after it. */
export const environmentName = text(
  /^(?=.{1,16}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  'an environment is named by 1 to 16 lower-case letters, digits and single hyphens, from a letter to a letter or digit',
);
