import * as z from 'zod';

import { AUTH_MODES } from '../conventions';
import { delivery } from './delivery';
import { capacity } from './environment/capacity';
import { cors } from './environment/cors';
import { deployment } from './environment/deployment';
import { logs } from './environment/logs';
import { network } from './environment/network';
import { routing } from './environment/routing';
import { accountId, boundaryArn, httpsUrl, region, secretArn, variableName, variableValue } from './formats';
import { environmentTags } from './tags';

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
  cors: cors.prefault({}),
  capacity: capacity.prefault({}),
  deployment: deployment.prefault({ strategy: 'rolling' }).describe('How a new revision takes over.'),
  secrets: z
    .record(variableName, secretArn)
    .default({})
    .describe('Environment variables that ECS fills from Secrets Manager or SSM: name to ARN.'),
  logs: logs.prefault({}),
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
  tags: environmentTags.default({}).describe('More tags on the resources of this environment.'),
  delivery: delivery.optional().describe('How workflows reach this environment, if other than the others.'),
});

/** The answers of one environment as their owner writes them: what has a default may be absent. */
export type EnvironmentAnswers = z.input<typeof environmentSchema>;
/** Valid answers of one environment, with every default filled in. */
export type EnvironmentConfig = z.output<typeof environmentSchema>;
