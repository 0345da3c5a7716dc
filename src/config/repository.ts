import * as z from 'zod';

import { LATEST } from '../conventions';
import { delivery } from './delivery';
import { environmentSchema } from './environment';
import {
  accountKey,
  actionsName,
  bucketName,
  commitId,
  deploymentName,
  environmentName,
  githubRepository,
  imageDigest,
  imageRegistry,
  imageRepository,
  imageTag,
  keyPrefix,
  kmsKeyArn,
  oidcProviderArn,
  region,
  repositoryPath,
} from './formats';
import { deploymentTags } from './tags';

export const TARGETS = ['terraform', 'cloudformation', 'cdk'] as const;

/** Ways to make the deployed image of upstream's. */
export const IMAGE_MODES = ['mirror', 'shim', 'build'] as const;

/** The forms of the subject that GitHub signs its workflows in with: with the ids of owner and repository, or names alone. */
export const SUBJECTS = ['immutable', 'classic'] as const;

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
  tags: deploymentTags.describe('Tags on every resource.'),
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

/** The answers as their owner writes them: what has a default may be absent. */
export type Answers = z.input<typeof answersSchema>;
/** Valid answers, with every default filled in. */
export type Config = z.output<typeof answersSchema>;
