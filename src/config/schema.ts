import * as z from 'zod';

import { AUTH_MODES, LATEST } from '../conventions';
import { FARGATE_CPU, FARGATE_MEMORY } from './fargate';

/** The answers' file in an emitted repository, at its root. */
export const ANSWERS_FILE = 'mcp-deploy.json';

/** Where an editor finds the JSON Schema of the answers, as seen from an emitted repository's root. */
export const SCHEMA_LOCATION = './node_modules/create-quilt-mcp-deploy/lib/mcp-deploy.schema.json';

export const TARGETS = ['terraform', 'cloudformation', 'cdk'] as const;

/** What becomes of upstream's image before it is deployed. */
export const IMAGE_MODES = ['mirror', 'shim', 'build'] as const;

/**
 * Seconds that a load balancer may leave a connection idle for, at most.
 * Source: Elastic Load Balancing, "Edit attributes for your Application Load Balancer", idle_timeout.timeout_seconds.
 */
export const LONGEST_IDLE_TIMEOUT = 4000;

/**
 * Days that CloudWatch Logs keeps events for; it refuses any other number.
 * Source: Amazon CloudWatch Logs API reference, PutRetentionPolicy.
 */
export const LOG_RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** What `verify` looks at after a deployment: AWS's view of the service alone, or a request to its URL as well. */
export const VERIFICATIONS = ['aws', 'request'] as const;

/** Most TCP ports beside 443 that tasks may reach: each takes room in the template of CloudFormation. */
export const MOST_OTHER_PORTS = 4;

/** The forms of the subject that GitHub signs its workflows in with: with the ids of owner and repository, or names alone. */
export const SUBJECTS = ['immutable', 'classic'] as const;

/** Tag keys that the model sets itself. */
export const RESERVED_TAGS = ['Environment', 'Service', 'Convention', 'ManagedBy', 'Warning'] as const;

// A pattern's message is what the reader sees: what is allowed, with an example where the form is not obvious.
const text = (pattern: RegExp, message: string) => z.string(message).regex(pattern, message);
const arn = (service: string, resource: string, example: string) =>
  text(new RegExp(`^arn:aws[a-z-]*:${service}:${resource}$`), `must be an ARN like ${example}`);
const oneOf = (values: readonly number[], message: string) =>
  z.literal([...values], message) as unknown as z.ZodType<number, number>;

const PLACE = '[a-z0-9-]+:[0-9]{12}';

const ACCOUNT = 'must be an AWS account id: 12 digits';
export const accountId = z
  .string({ error: ({ input }) => (typeof input === 'number' ? 'must be text: put it in quotes' : ACCOUNT) })
  .regex(/^[0-9]{12}$/, ACCOUNT);
export const region = text(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, 'must be an AWS region, e.g. us-east-1');
export const hostName = text(
  /^(?=.{1,128}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/,
  'must be a host name in lower case without scheme, port or path, e.g. mcp.example.com',
);
const HTTPS_URL = 'must be an https URL without path, query or trailing slash, e.g. https://quilt.example.com';
export const httpsUrl = text(/^https:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$/, HTTPS_URL);
const kmsKeyArn = arn('kms', `${PLACE}:key/[A-Za-z0-9-]+`, 'arn:aws:kms:us-east-1:111122223333:key/…');
const secretArn = text(
  new RegExp(
    `^arn:aws[a-z-]*:(secretsmanager:${PLACE}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}(:[^:]*:[^:]*:[^:]*)?|ssm:${PLACE}:parameter/[A-Za-z0-9/_.-]+)$`,
  ),
  'must be the whole ARN of a Secrets Manager secret (with its six last characters) or of an SSM parameter: a reference, never the value itself',
);
const certificateArn = arn(
  'acm',
  `${PLACE}:certificate/[A-Za-z0-9-]+`,
  'arn:aws:acm:us-east-1:111122223333:certificate/…',
);
const priority = z
  .int('must be a whole number from 1 to 50000')
  .min(1, 'must be from 1 to 50000, and free on the listener')
  .max(50000, 'must be from 1 to 50000, and free on the listener')
  .describe('First priority of the block of listener rules that this environment takes.');
const stickiness = z
  .boolean('must be true or false')
  .default(false)
  .describe(
    'Whether the load balancer keeps a client at one task, by a cookie, which most MCP clients ignore. Only for conventions with sessions.',
  );
const tagValue = text(
  /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u,
  'must be at most 256 letters, digits, spaces or _ . : / = + - @',
);
const tagKey = text(
  /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu,
  'must be 1 to 128 letters, digits, spaces or _ . : / = + - @, and not begin with aws:',
).refine(
  // IAM takes keys that differ only by case for the same.
  (key) => !RESERVED_TAGS.some((reserved) => reserved.toLowerCase() === key.toLowerCase()),
  `is set by the generator: ${RESERVED_TAGS.join(', ')}`,
);
const variableName = text(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'must be the name of an environment variable, e.g. QUILT_SERVICE_TIMEOUT',
);

// Source: GitHub's documentation, "Naming conventions for configuration variables" and "Naming your secrets".
const actionsName = (kind: string, example: string) =>
  text(
    /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/,
    `must be the name of ${kind} of GitHub Actions, e.g. ${example}: capitals, digits and _, not beginning with a digit or GITHUB_; a reference, never the value itself`,
  );

const GITHUB_ID = 'must be a positive whole number, or null until it is known';
const githubId = z.int(GITHUB_ID).positive(GITHUB_ID);

const oidcProvider = z.union(
  [
    z.strictObject({
      arn: arn(
        'iam',
        ':[0-9]{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com',
        'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
      ).describe('The identity provider of GitHub that the account has already.'),
    }),
    z.strictObject({
      create: z
        .literal(true, 'must be true')
        .describe('Makes one, in the registry layer of the first environment of the account.'),
    }),
  ],
  {
    error:
      'must be {"arn": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, or {"create": true}',
  },
);

const routing = z
  .discriminatedUnion(
    'mode',
    [
      z.strictObject({
        mode: z
          .literal('path')
          .describe("The path /mcp on a host that the listener serves already, such as the catalog's."),
        host: hostName.describe(
          "Host name that clients use. Not the registry's: Quilt 1.68 and later serve /mcp/platform there.",
        ),
        priority,
        stickiness,
      }),
      z.strictObject({
        mode: z.literal('domain').describe('A host name of its own, with its own certificate on the listener.'),
        host: hostName.describe('Host name that clients use, e.g. mcp.example.com.'),
        hostedZoneId: text(/^[A-Z0-9]{1,32}$/, 'must be a Route 53 hosted zone id, e.g. Z0123456789ABCDEFGHIJ')
          .optional()
          .describe('Hosted zone for the alias record, and for validating a certificate when none is given.'),
        certificateArn: certificateArn
          .optional()
          .describe('An issued ACM certificate in the same region; issued in the hosted zone when absent.'),
        priority,
        stickiness,
      }),
    ],
    { error: 'must have mode path or domain' },
  )
  .superRefine((value, context) => {
    if (value.mode === 'domain' && !value.hostedZoneId && !value.certificateArn) {
      context.addIssue({ code: 'custom', message: 'domain routing needs hostedZoneId, certificateArn, or both' });
    }
  });

const network = z
  .strictObject({
    vpcId: text(/^vpc-[0-9a-f]{8,17}$/, 'must be a VPC id, e.g. vpc-0123456789abcdef0'),
    privateSubnetIds: z
      .array(
        text(/^subnet-[0-9a-f]{8,17}$/, 'must be a subnet id, e.g. subnet-0123456789abcdef0'),
        'must be a list of subnet ids',
      )
      .min(2, 'must name at least two private subnets, in different availability zones')
      .max(16, 'must name at most 16 subnets')
      .refine((ids) => new Set(ids).size === ids.length, 'must not name a subnet twice')
      .describe('Private subnets of the tasks, with a route to the internet (NAT) or to VPC endpoints.'),
    listenerArn: arn(
      'elasticloadbalancing',
      `${PLACE}:listener/app/[A-Za-z0-9-]+/[0-9a-f]+/[0-9a-f]+`,
      'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/quilt/0123456789abcdef/0123456789abcdef',
    ).describe("HTTPS listener of the Quilt stack's load balancer."),
    albSecurityGroupIds: z
      .array(
        text(/^sg-[0-9a-f]{8,17}$/, 'must be a security group id, e.g. sg-0123456789abcdef0'),
        'must be a list of security group ids',
      )
      .min(1, 'must name the security group of the load balancer')
      .max(5, 'must name at most 5 security groups')
      .refine((ids) => new Set(ids).size === ids.length, 'must not name a security group twice'),
    albDnsName: hostName
      .optional()
      .describe("The load balancer's own DNS name; needed for the alias record of domain routing."),
    albHostedZoneId: text(
      /^[A-Z0-9]{1,32}$/,
      "must be the load balancer's canonical hosted zone id, e.g. Z35SXDOTRQ7X7K",
    ).optional(),
    albIdleTimeout: z
      .int('must be a whole number of seconds')
      .min(10, 'must be from 10 to 4000 seconds')
      .max(LONGEST_IDLE_TIMEOUT, `must be from 10 to ${LONGEST_IDLE_TIMEOUT} seconds`)
      .default(60)
      .describe("The load balancer's idle timeout in seconds, as it is; QUILT_SERVICE_TIMEOUT is kept below it."),
    clusterArn: arn(
      'ecs',
      `${PLACE}:cluster/[A-Za-z0-9_-]{1,255}`,
      'arn:aws:ecs:us-east-1:111122223333:cluster/quilt',
    ).optional(),
    clusterName: text(/^[A-Za-z0-9_-]{1,255}$/, 'must be the name of an ECS cluster').optional(),
    egressPorts: z
      .array(
        z
          .int('must be a whole number from 1 to 65535')
          .min(1, 'must be from 1 to 65535')
          .max(65535, 'must be from 1 to 65535'),
        'must be a list of TCP ports',
      )
      .refine((ports) => new Set(ports).size === ports.length, 'must not name a port twice')
      .optional()
      .describe(
        'More TCP ports that the tasks may reach. 443, the ports of registryUrl and catalogUrl, and those of URLs under environment need no mention.',
      ),
  })
  .superRefine((value, context) => {
    if (!value.clusterArn === !value.clusterName) {
      context.addIssue({ code: 'custom', path: ['clusterArn'], message: 'give either clusterArn or clusterName' });
    }
  });

// Source: actions/runner, Validators.cs (256 characters; a comma ends a label), and GitHub's REST API, "Set custom labels
// for a self-hosted runner" (1 to 100 labels).
const runnerLabel = text(
  /^(?=[^,]{1,256}$)[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/,
  'must be a runner label: 1 to 256 printable ASCII characters, no comma, no space at either end, e.g. self-hosted',
);
const runnerLabels = z
  .array(runnerLabel, 'must be a list of runner labels')
  .min(1, 'must name at least one label')
  .max(100, 'must name at most 100 labels')
  .refine(
    (labels) => new Set(labels.map((label) => label.toLowerCase())).size === labels.length,
    'must not name a label twice; GitHub ignores case',
  );
const runnerGroup = z.strictObject({
  group: text(
    /^(?=.{1,256}$)[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/,
    'must be the name of a runner group: 1 to 256 printable ASCII characters, no space at either end',
  ).describe('Runner group.'),
  labels: z.union([runnerLabel, runnerLabels], 'must be a runner label or a list of them').optional(),
});

const delivery = z.strictObject({
  runner: z
    .union(
      [runnerLabel, runnerLabels, runnerGroup],
      'must be a runner label, a list of 1 to 100 labels, or {"group": …, "labels": …}, as runs-on of GitHub Actions takes them',
    )
    .optional()
    .describe(
      "Runner of the job that deploys and verifies: a label, a list of labels, or {group, labels}. Default: a runner of GitHub's, which is on the internet.",
    ),
  verify: z
    .enum(VERIFICATIONS, `must be ${VERIFICATIONS.join(' or ')}`)
    .optional()
    .describe(
      "What a deployment is verified by: a request to its URL, after AWS's view of the service (request), or AWS's view alone (aws), if the runner does not reach the URL. Default: request.",
    ),
});

const capacity = z
  .strictObject({
    cpu: oneOf(FARGATE_CPU, `must be one of ${FARGATE_CPU.join(', ')} CPU units`)
      .default(512)
      .describe('CPU units of a task; 1024 are one vCPU.'),
    memory: z.int('must be a whole number of MiB').default(1024).describe('Memory of a task in MiB.'),
    desired: z
      .int('must be a whole number')
      .min(0, 'must be from 0 to 100')
      .max(100, 'must be from 0 to 100')
      .default(2)
      .describe('Tasks that run at a time.'),
  })
  .superRefine(({ cpu, memory }, context) => {
    const sizes = FARGATE_MEMORY[cpu] ?? [];
    if (!sizes.includes(memory)) {
      const list =
        sizes.length > 6
          ? `${sizes[0]} to ${sizes.at(-1)} MiB in steps of ${sizes[1]! - sizes[0]!}`
          : `${sizes.slice(0, -1).join(', ')} or ${sizes.at(-1)} MiB`;
      context.addIssue({ code: 'custom', path: ['memory'], message: `with ${cpu} CPU units Fargate offers ${list}` });
    }
  });

const percent = (least: number, most: number) =>
  z
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, `must be from ${least} to ${most} percent`)
    .max(most, `must be from ${least} to ${most} percent`);
const minutes = z
  .int('must be a whole number of minutes')
  .min(0, 'must be from 0 to 1440')
  .max(1440, 'must be from 0 to 1440');
const alarms = z
  .array(
    text(/^[\x20-\x2b\x2d-\x7e]{1,255}$/, 'must be the name of a CloudWatch alarm, without a comma'),
    'must be a list of alarm names',
  )
  .max(50, 'must name at most 50 alarms')
  .refine((names) => new Set(names).size === names.length, 'must not name an alarm twice')
  .default([])
  .describe('CloudWatch alarms, yours, that stop a deployment and take it back.');
const bakeMinutes = minutes
  .default(5)
  .describe('Minutes that the old tasks stay after all traffic has moved, so that it can move back at once.');

/** Source: Amazon ECS API Reference, DeploymentConfiguration, CanaryConfiguration, LinearConfiguration. */
const deployment = z.discriminatedUnion(
  'strategy',
  [
    z.strictObject({
      strategy: z.literal('rolling').describe('New tasks first, then the old ones go.'),
      alarms,
    }),
    z.strictObject({
      strategy: z.literal('blue-green').describe('All traffic moves at once to a second set of tasks.'),
      bakeMinutes,
      alarms,
    }),
    z.strictObject({
      strategy: z.literal('canary').describe('A part of the traffic moves first, then the rest.'),
      percent: percent(1, 99).default(10).describe('Percent of the traffic that moves first.'),
      stepMinutes: minutes.default(10).describe('Minutes until the rest moves.'),
      bakeMinutes,
      alarms,
    }),
    z.strictObject({
      strategy: z.literal('linear').describe('The traffic moves in equal steps.'),
      percent: percent(3, 99).default(20).describe('Percent of the traffic that moves with each step.'),
      stepMinutes: minutes.default(6).describe('Minutes between two steps.'),
      bakeMinutes,
      alarms,
    }),
  ],
  { error: 'must have strategy rolling, blue-green, canary or linear' },
);

const origin = text(
  /^https?:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$/,
  'must be an origin: scheme and host, e.g. https://quilt.example.com',
).max(128, 'must have at most 128 characters, which is what a listener rule takes');

export const environmentSchema = z.strictObject({
  account: accountId.describe('AWS account of the Quilt stack.'),
  region: region.describe('AWS region of the Quilt stack.'),
  catalogUrl: httpsUrl.describe('URL of the Quilt catalog.'),
  registryUrl: httpsUrl.describe("URL of the Quilt registry: registryUrl in the catalog's config.json."),
  routing,
  network,
  registry: z
    .discriminatedUnion(
      'scope',
      [
        z.strictObject({ scope: z.literal('environment').describe('An ECR repository of its own.') }),
        z.strictObject({
          scope: z.literal('shared').describe('One ECR repository for all environments that say so.'),
          account: accountId.describe('AWS account that holds it.'),
          region: region.describe('AWS region that holds it.'),
        }),
      ],
      { error: 'must have scope environment or shared' },
    )
    .default({ scope: 'environment' }),
  auth: z
    .strictObject({
      mode: z.enum(AUTH_MODES, `must be ${AUTH_MODES.join(', ')}`).default('bearer'),
      secretArn: secretArn.optional(),
    })
    .prefault({}),
  cors: z
    .strictObject({
      allowedOrigins: z
        .array(origin, 'must be a list of origins')
        .max(15, 'must name at most 15 origins, beside the host itself')
        .refine((origins) => new Set(origins).size === origins.length, 'must not name an origin twice')
        .default([])
        .describe(
          'Browser origins that may call the server. When given, the listener answers any other Origin with 403.',
        ),
    })
    .prefault({}),
  capacity: capacity.prefault({}),
  deployment: deployment.prefault({ strategy: 'rolling' }).describe('How a new revision takes over.'),
  secrets: z
    .record(variableName, secretArn)
    .default({})
    .describe('Environment variables that ECS fills from Secrets Manager or SSM: name to ARN.'),
  logs: z
    .strictObject({
      retention: oneOf(LOG_RETENTION_DAYS, `must be one of ${LOG_RETENTION_DAYS.join(', ')} days`)
        .default(30)
        .describe('Days that logs are kept.'),
      kmsKeyArn: kmsKeyArn.optional(),
    })
    .prefault({}),
  retainData: z
    .boolean('must be true or false')
    .optional()
    .describe('Whether images and logs outlive a destroy. Default: true, but for environments called dev….'),
  permissionsBoundaryArn: arn(
    'iam',
    ':[0-9]{12}:policy/[A-Za-z0-9/_+=,.@-]+',
    'arn:aws:iam::111122223333:policy/boundary',
  ).optional(),
  environment: z
    .record(variableName, z.string('must be text, in quotes'))
    .default({})
    .describe('More environment variables of the server: name to value. No secrets.'),
  tags: z.record(tagKey, tagValue).default({}).describe('More tags on the resources of this environment.'),
  delivery: delivery.optional().describe('How workflows reach this environment, if other than the others.'),
});

export const answersSchema = z.strictObject({
  $schema: z.string().optional().describe('For editors; not read.'),
  name: text(
    // Narrower than what a stack may be called: ECR takes no hyphen at an end or beside another, EC2 no sg- in front.
    /^(?!sg-)(?=.{1,20}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    'must be 1 to 20 lower-case letters, digits and single hyphens, from a letter to a letter or digit, and not begin with sg-',
  ).describe("The Quilt stack's name; every resource is named after it."),
  target: z
    .enum(TARGETS, `must be ${TARGETS.join(', ')}`)
    .default('terraform')
    .describe('What the repository deploys with.'),
  conventions: z
    .string('must be the id of a generation, e.g. g3c')
    .default(LATEST.id)
    .describe("Generation of the server's deployment contract."),
  image: z
    .strictObject({
      registry: hostName.describe(
        "Registry that upstream's image is pulled from. Upstream's documents name two; ask Quilt which is yours.",
      ),
      repository: text(
        /^[a-z0-9]+([._/-][a-z0-9]+)*$/,
        'must be the name of a container repository, e.g. quiltdata/mcp',
      ),
      version: text(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, 'must be a published version, e.g. 0.22.0'),
      mode: z
        .enum(IMAGE_MODES, `must be ${IMAGE_MODES.join(', ')}`)
        .optional()
        .describe(
          "What is deployed: upstream's image as it is (mirror), with an entry point that adds CORS and a longer keep-alive (shim), or built from upstream's source (build). Default: shim, where the conventions have one.",
        ),
      digest: text(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits, or null until it is known')
        .nullable()
        .default(null)
        .describe("Digest of upstream's image of this version for linux/amd64. A shim is built on nothing else."),
      commit: text(
        /^[0-9a-f]{40}$/,
        "must be the whole id of a commit of upstream's source: 40 hexadecimal digits, or null until it is known; docs/image.md says how to find it",
      )
        .nullable()
        .optional()
        .describe("Commit of upstream's source of this version, which mode build takes."),
    })
    .describe("Upstream's image, and what becomes of it."),
  repository: z.strictObject({
    name: text(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/, 'must be owner/name of a GitHub repository'),
    ownerId: githubId.nullable().default(null),
    repositoryId: githubId.nullable().default(null),
    subject: z
      .enum(SUBJECTS, `must be ${SUBJECTS.join(' or ')}`)
      .default('immutable')
      .describe(
        'Subject of the tokens that GitHub gives to workflows: with the ids of owner and repository (immutable), as every repository made since 2026-07-15 sends it, or with their names alone (classic). Used with oidcProviders.',
      ),
    app: z
      .strictObject({
        idVariable: actionsName('a variable', 'UPGRADE_APP_CLIENT_ID').describe(
          "Name of the variable of GitHub Actions that holds the App's client ID.",
        ),
        keySecret: actionsName('a secret', 'UPGRADE_APP_PRIVATE_KEY').describe(
          "Name of the secret of GitHub Actions that holds the App's private key.",
        ),
      })
      .optional()
      .describe(
        'A GitHub App that opens the pull requests of workflows: of their own, they may not change workflows, nor start checks.',
      ),
  }),
  state: z
    .strictObject({
      bucket: text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of an S3 bucket'),
      region: region.describe('Region of the bucket.'),
      keyPrefix: text(
        /^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/,
        'must be a key prefix without leading or trailing slash',
      ).default('quilt-mcp-server'),
      kmsKeyArn: kmsKeyArn.optional(),
    })
    .optional()
    .describe("Where Terraform's state is kept; only with target terraform. The bucket exists already."),
  oidcProviders: z
    .record(accountId, oidcProvider, 'must be an object of identity providers by AWS account id')
    .optional()
    .describe(
      "GitHub's identity provider in each account, by account id: {arn} of the one that is there, or {create: true}. When given, each environment gets roles that GitHub workflows assume; absent, there are none.",
    ),
  tags: z
    .object({
      Project: tagValue.default('quilt'),
      Owner: tagValue.min(1, 'must not be empty'),
      CostCenter: tagValue.min(1, 'must not be empty'),
    })
    .catchall(tagValue)
    .superRefine((tags, context) => {
      for (const key of Object.keys(tags)) {
        const problem = tagKey.safeParse(key).error?.issues[0];
        if (problem) {
          context.addIssue({ code: 'custom', path: [key], message: problem.message });
        }
      }
    })
    .describe('Tags on every resource.'),
  delivery: delivery
    .optional()
    .describe('How workflows reach the environments. What an environment says itself takes precedence.'),
  ejected: z
    .array(
      text(
        /^(?!\/)(?!.*(^|\/)\.\.?(\/|$))[^\\\0]+$/,
        'must be a path from the root of the repository, e.g. docs/deployment.md',
      ),
      'must be a list of paths',
    )
    .optional()
    .describe('Generated files that are yours alone: npx projen never writes them again. `eject` adds to it.'),
  environments: z
    .record(
      text(
        // As for the stack's name: target groups and ECR repositories are named after it.
        /^(?=.{1,16}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
        'an environment is named by 1 to 16 lower-case letters, digits and single hyphens, from a letter to a letter or digit',
      ),
      environmentSchema,
      'must be an object of environments by name',
    )
    .refine((environments) => Object.keys(environments).length > 0, 'must have at least one environment')
    .refine(
      (environments) => !('shared' in environments),
      'an environment cannot be called shared: the shared registry is',
    )
    .describe('The environments, by name, in the order of promotion.'),
});

/** The answers as their owner writes them: what has a default may be absent. */
export type Answers = z.input<typeof answersSchema>;
/** The answers of one environment as their owner writes them. */
export type EnvironmentAnswers = z.input<typeof environmentSchema>;
/** Valid answers, with every default filled in. */
export type Config = z.output<typeof answersSchema>;
/** Valid answers of one environment, with every default filled in. */
export type EnvironmentConfig = z.output<typeof environmentSchema>;
