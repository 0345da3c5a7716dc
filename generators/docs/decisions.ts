import type { EnvironmentConfig } from '../../src/config/environment';
import { enumerate } from '../../src/conventions/labels';
import type { Deployment, Environment } from '../../src/model/deployment';
import { SHARED } from '../../src/model/names';
import {
  type DecisionReason,
  whyAddress,
  whyAuthentication,
  whyBrowsers,
  whyCompliance,
  whyDeployments,
  whyImages,
} from './decision-reasons';

/** A decision that no account and no convention makes: a person does. */
interface Decision {
  readonly title: string;
  /** Answers that have it, from the environment on. */
  readonly answers: readonly string[];
  /** Decision for an environment. */
  readonly of: (environment: Environment, deployment: Deployment) => string;
  readonly why: DecisionReason;
  /** Other choices, and when they fit. */
  readonly others: string;
  /** Work that a change takes beside another answer, `npx projen` and a deployment. */
  readonly change: string;
}

const DECISIONS: readonly Decision[] = [
  {
    title: 'Address',
    answers: ['routing.mode', 'routing.host', 'routing.priority'],
    of: ({ url, service: { domain } }) =>
      `${domain ? 'a host of its own' : 'a path on a host that the listener serves already'}: ${url}`,
    why: whyAddress,
    others:
      "A path on a host that the listener serves already (path), or a host of its own (domain). On the catalog's host, the rules of the path must come before the rule of the catalog.",
    change: 'Clients have the URL in their configuration: tell their users before. The listener rules are made anew.',
  },
  {
    title: 'Deployments',
    answers: ['deployment.strategy', 'deployment.alarms'],
    of: ({ service: { answers } }) => answers.deployment.strategy,
    why: whyDeployments,
    others:
      'rolling, blue-green, canary or linear. The last three keep the old tasks until the new ones have proven themselves, so that a rollback takes seconds. They need a second set of tasks meanwhile, and a role by which ECS moves the traffic.',
    change:
      'The first deployment with another strategy is a rolling one. From a strategy that moves traffic back to rolling, wait until no deployment is running.',
  },
  {
    title: 'Authentication',
    answers: ['auth.mode'],
    of: ({ service: { answers } }) => answers.auth.mode,
    why: whyAuthentication,
    others:
      'What a server can check depends on its generation: docs/environment-variables.md has the variables of this one. Clients that only sign in by OAuth need the MCP server of the Quilt stack itself.',
    change: 'A way that needs a secret takes the ARN of one, auth.secretArn. Clients need another token then.',
  },
  {
    title: 'Browsers',
    answers: ['cors.allowedOrigins', 'cors.foreignOrigins'],
    of: ({ service: { answers } }) =>
      answers.cors.allowedOrigins.length === 0
        ? "pages of the server's own host alone"
        : `pages of ${enumerate(answers.cors.allowedOrigins)}, too`,
    why: whyBrowsers,
    others:
      'Up to 15 origins beside the host. Of a page from elsewhere, the listener answers requests with 403 (cors.foreignOrigins: refuse), or forwards them (forward): then the answers have no headers of CORS for it, and the requests take one rule instead of several. Clients that are no browsers send no Origin header, and need none.',
    change: 'Nothing else.',
  },
  {
    title: 'Compliance',
    answers: ['logs.retention', 'logs.kmsKeyArn', 'permissionsBoundaryArn', 'deliveryBoundaryArn', 'retainData'],
    of: ({ service: { answers, logGroup } }) =>
      [
        `logs for ${answers.logs.retention} days`,
        answers.logs.kmsKeyArn ? 'encrypted with a KMS key of yours' : 'encrypted by CloudWatch Logs',
        `${boundedRoles(answers)} within a permissions boundary`,
        logGroup.retain ? 'images and logs outlive a destroy' : 'a destroy removes images and logs',
      ].join('; '),
    why: whyCompliance,
    others:
      'Any retention that CloudWatch Logs takes, a key of yours for the logs, and permissions boundaries for the roles of tasks and of workflows: docs/infrastructure.md has a sample boundary for each. With retainData: true, images and logs outlive a destroy; with false, it removes them.',
    change:
      'A key must let CloudWatch Logs use it before. With a boundary on a role that is there, deploy by hand once.',
  },
  {
    title: 'Image repositories',
    answers: ['registry.scope'],
    of: ({ registry }, { sharedRegistry }) =>
      registry ? 'an ECR repository of its own' : `the shared one of account ${sharedRegistry!.account}`,
    why: whyImages,
    others: 'One repository for each environment, or one that several environments share, in any account.',
    change: `Before a deployment, the image must be in the other repository: publish or promote it. The shared one is the layer ${SHARED}.`,
  },
];

function boundedRoles({ permissionsBoundaryArn, deliveryBoundaryArn }: EnvironmentConfig): string {
  if (permissionsBoundaryArn === undefined)
    return deliveryBoundaryArn === undefined ? 'no roles' : 'roles of workflows alone';
  return deliveryBoundaryArn === undefined ? 'roles of tasks alone' : 'roles of tasks and of workflows';
}

/** Context of docs/decisions.md. */
export function decisionsContext(deployment: Deployment): object {
  return {
    decisions: DECISIONS.map(({ of, why, ...decision }) => ({
      ...decision,
      anchor: decision.title.toLowerCase().replaceAll(' ', '-'),
      environments: deployment.environments.map((environment) => ({
        name: environment.name,
        what: of(environment, deployment),
        why: why(environment, deployment),
      })),
    })),
  };
}
