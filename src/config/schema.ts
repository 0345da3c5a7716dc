import * as z from 'zod';

import { AUTH_MODES, LATEST } from '../conventions';
import { delivery } from './delivery';
import { capacity, deployment, network, oneOf, routing } from './environment-parts';
import {
  accountId,
  accountKey,
  actionsName,
  boundaryArn,
  bucketName,
  commitId,
  deploymentName,
  environmentName,
  githubRepository,
  httpsUrl,
  imageDigest,
  imageRegistry,
  imageRepository,
  imageTag,
  keyPrefix,
  kmsKeyArn,
  oidcProviderArn,
  origin,
  region,
  repositoryPath,
  secretArn,
  tagKey,
  tagValue,
  variableName,
  variableValue,
} from './formats';

export { LONGEST_IDLE_TIMEOUT } from './environment-parts';

/** The answers' file in an emitted repository, at its root. */
export const ANSWERS_FILE = 'mcp-deploy.json';

/** Path of the JSON Schema of the answers for an editor, from an emitted repository's root. */
export const SCHEMA_LOCATION = './node_modules/create-quilt-mcp-deploy/lib/mcp-deploy.schema.json';

export const TARGETS = ['terraform', 'cloudformation', 'cdk'] as const;

/** Changes of upstream's image before it is deployed. */
export const IMAGE_MODES = ['mirror', 'shim', 'build'] as const;

/**
 * Days that CloudWatch Logs keeps events for; it refuses any other number.
 * Source: Amazon CloudWatch Logs API reference, PutRetentionPolicy.
 */
export const LOG_RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Most TCP ports beside 443 that tasks may reach: each takes room in the template of CloudFormation. */
export const MOST_OTHER_PORTS = 4;

/** Choices for requests of browsers from elsewhere. */
export const FOREIGN_ORIGINS = ['refuse', 'forward'] as const;

/** The forms of the subject that GitHub signs its workflows in with: with the ids of owner and repository, or names alone. */
export const SUBJECTS = ['immutable', 'classic'] as const;

/** Tag keys that the model sets itself. */
export const RESERVED_TAGS = ['Environment', 'Service', 'Convention', 'ManagedBy', 'Warning'] as const;

const ownTagKey = tagKey.refine(
  // IAM takes keys that differ only by case for the same.
  (key) => !RESERVED_TAGS.some((reserved) => reserved.toLowerCase() === key.toLowerCase()),
  `is set by the generator: ${RESERVED_TAGS.join(', ')}`,
);

const GITHUB_ID = 'must be a positive whole number, or null until it is known';
const githubId = z.int(GITHUB_ID).positive(GITHUB_ID);

const oidcProvider = z.union(
  [
    z.strictObject({
      arn: oidcProviderArn.describe('The identity provider of GitHub that the account has already.'),
    }),
    z.strictObject({
      create: z
        .literal(true, 'must be true')
        .describe(
          'Makes one, beside the shared registry if that is in this account, else in the registry layer of its first environment.',
        ),
    }),
  ],
  {
    error:
      'must be {"arn": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, or {"create": true}',
  },
);

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
      mode: z.enum(AUTH_MODES, `must be ${AUTH_MODES.join(' or ')}`).default('bearer'),
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
        .describe("Browser origins that may call the server, beside the host's own pages."),
      foreignOrigins: z
        .enum(FOREIGN_ORIGINS, `must be ${FOREIGN_ORIGINS.join(' or ')}`)
        .optional()
        .describe(
          'What becomes of a request with any other Origin: the listener answers it with 403, as the MCP specification demands (refuse), or forwards it (forward). Default: refuse; with a deployment that moves traffic, forward.',
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
  permissionsBoundaryArn: boundaryArn
    .optional()
    .describe(
      'Permissions boundary of the roles of the tasks: execution, task and traffic. Who deploys by a workflow can make these roles only with it.',
    ),
  deliveryBoundaryArn: boundaryArn
    .optional()
    .describe(
      'Permissions boundary of the roles that workflows assume: publish, plan and deploy. Used with oidcProviders.',
    ),
  environment: z
    .record(variableName, variableValue)
    .default({})
    .describe('More environment variables of the server: name to value. No secrets.'),
  notSecrets: z
    .array(variableName, 'must be a list of names of variables')
    .optional()
    .describe(
      'Variables of environment that are named like a secret, or have a value like one, and are none: so they may stand in plain text.',
    ),
  tags: z.record(ownTagKey, tagValue).default({}).describe('More tags on the resources of this environment.'),
  delivery: delivery.optional().describe('How workflows reach this environment, if other than the others.'),
});

export const answersSchema = z.strictObject({
  $schema: z.string().optional().describe('For editors; not read.'),
  name: deploymentName.describe("The Quilt stack's name; every resource is named after it."),
  target: z
    .enum(TARGETS, `must be ${TARGETS.join(' or ')}`)
    .default('terraform')
    .describe('What the repository deploys with.'),
  conventions: z
    .string('must be the id of a generation, e.g. g3c')
    .default(LATEST.id)
    .describe("Generation of the server's deployment contract."),
  image: z
    .strictObject({
      registry: imageRegistry.describe(
        "Registry that upstream's image is pulled from. Upstream's documents name two; ask Quilt which is yours.",
      ),
      repository: imageRepository,
      version: imageTag,
      mode: z
        .enum(IMAGE_MODES, `must be ${IMAGE_MODES.join(' or ')}`)
        .optional()
        .describe(
          "What is deployed: upstream's image as it is (mirror), with an entry point that adds CORS and a longer keep-alive (shim), or built from upstream's source (build). Default: shim, where the conventions have one.",
        ),
      digest: imageDigest
        .nullable()
        .default(null)
        .describe("Digest of upstream's image of this version for linux/amd64. A shim is built on nothing else."),
      commit: commitId
        .nullable()
        .optional()
        .describe("Commit of upstream's source of this version, which mode build takes."),
    })
    .describe("Upstream's image, and what becomes of it."),
  repository: z.strictObject({
    name: githubRepository,
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
      bucket: bucketName,
      region: region.describe('Region of the bucket.'),
      keyPrefix: keyPrefix.default('quilt-mcp-server'),
      kmsKeyArn: kmsKeyArn.optional(),
    })
    .optional()
    .describe("Where Terraform's state is kept; only with target terraform. The bucket exists already."),
  oidcProviders: z
    .record(accountKey, oidcProvider, 'must be an object of identity providers by AWS account id')
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
        const problem = ownTagKey.safeParse(key).error?.issues[0];
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
    .array(repositoryPath, 'must be a list of paths')
    .optional()
    .describe('Generated files that are yours alone: npx projen never writes them again. `eject` adds to it.'),
  environments: z
    .record(environmentName, environmentSchema, 'must be an object of environments by name')
    .refine((environments) => Object.keys(environments).length > 0, 'must have at least one environment')
    .refine(
      (environments) => !('shared' in environments),
      'an environment cannot be called shared: the shared registry is',
    )
    .describe('The environments, by name, in the order of promotion.'),
});

/** The answers as their owner writes them: those with a default may be absent. */
export type Answers = z.input<typeof answersSchema>;
/** The answers of one environment as their owner writes them. */
export type EnvironmentAnswers = z.input<typeof environmentSchema>;
/** Valid answers, with every default filled in. */
export type Config = z.output<typeof answersSchema>;
/** Valid answers of one environment, with every default filled in. */
export type EnvironmentConfig = z.output<typeof environmentSchema>;
