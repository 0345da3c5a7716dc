import type { EnvironmentConfig } from '../../src/config/environment';
import { enumerate } from '../../src/conventions/labels';
import type { Deployment, Environment, TrafficShift } from '../../src/model/deployment';
import { SHARED } from '../../src/model/names';

/** A decision that no account and no convention makes: a person does. */
interface Decision {
  readonly title: string;
  /** Answers that have it, from the environment on. */
  readonly answers: readonly string[];
  /** Decision for an environment, and why one decides so. */
  readonly of: (environment: Environment, deployment: Deployment) => Decided;
  /** Other choices, and when they fit. */
  readonly others: string;
  /** Work that a change takes beside another answer, `npx projen` and a deployment. */
  readonly change: string;
}

interface Decided {
  readonly what: string;
  readonly why: string;
}

const DECISIONS: readonly Decision[] = [
  {
    title: 'Address',
    answers: ['routing.mode', 'routing.host'],
    of: ({ url, service: { domain } }) =>
      domain
        ? {
            what: `a host of its own: ${url}`,
            why: 'No rule of the catalog stands before it, and its certificate and name are its own.',
          }
        : {
            what: `a path on a host that the listener serves already: ${url}`,
            why: 'It needs no name, no certificate and no change of DNS.',
          },
    others:
      "A path on a host that the listener serves already (path), or a host of its own (domain). On the catalog's host, the rules of the path must come before the rule of the catalog.",
    change: 'Clients have the URL in their configuration: tell their users before. The listener rules are made anew.',
  },
  {
    title: 'Deployments',
    answers: ['deployment.strategy', 'deployment.alarms'],
    of: ({ service: { rollout } }) => STRATEGIES[rollout.shift?.strategy ?? 'ROLLING'],
    others:
      'rolling, blue-green, canary or linear. The last three keep the old tasks until the new ones have proven themselves, so that a rollback takes seconds. They need a second set of tasks meanwhile, and a role by which ECS moves the traffic.',
    change:
      'The first deployment with another strategy is a rolling one. From a strategy that moves traffic back to rolling, wait until no deployment is running.',
  },
  {
    title: 'Authentication',
    answers: ['auth.mode'],
    of: ({ service: { answers } }, { conventions }) => ({
      what: answers.auth.mode,
      why:
        Object.keys(conventions.auth.modes).length === 1
          ? `It is the only way that a server of conventions ${conventions.id} checks a caller.`
          : 'You chose it among those of the conventions.',
    }),
    others:
      'What a server can check depends on its generation: docs/environment-variables.md has the variables of this one. Clients that only sign in by OAuth need the MCP server of the Quilt stack itself.',
    change: 'A way that needs a secret takes the ARN of one, auth.secretArn. Clients need another token then.',
  },
  {
    title: 'Browsers',
    answers: ['cors.allowedOrigins', 'cors.foreignOrigins'],
    of: ({ service: { answers, listenerRules } }) => {
      const { allowedOrigins } = answers.cors;
      const refuses = listenerRules.some(({ action }) => action === 'forbid');
      return {
        what:
          allowedOrigins.length === 0
            ? "pages of the server's own host alone"
            : `pages of ${enumerate(allowedOrigins)}, too`,
        why: refuses
          ? 'The listener answers a page from elsewhere with 403, as the MCP specification demands against DNS rebinding.'
          : 'A page from elsewhere is forwarded, and gets no headers of CORS: a browser does not let it read the answer.',
      };
    },
    others: 'Up to 15 origins beside the host. Clients that are no browsers send no Origin header, and need none.',
    change: 'Nothing else.',
  },
  {
    title: 'Compliance',
    answers: ['logs.retention', 'logs.kmsKeyArn', 'permissionsBoundaryArn', 'deliveryBoundaryArn', 'retainData'],
    of: ({ service: { answers, logGroup } }) => ({
      what: [
        `logs for ${answers.logs.retention} days`,
        answers.logs.kmsKeyArn ? 'encrypted with a KMS key of yours' : 'encrypted by CloudWatch Logs',
        `${boundedRoles(answers)} within a permissions boundary`,
        logGroup.retain ? 'images and logs outlive a destroy' : 'a destroy removes images and logs',
      ].join('; '),
      why:
        answers.logs.kmsKeyArn || answers.permissionsBoundaryArn || answers.deliveryBoundaryArn
          ? 'Your answers name what your company demands.'
          : 'No answer names a demand of your company.',
    }),
    others:
      'Any retention that CloudWatch Logs takes, a key of yours for the logs, and permissions boundaries for the roles of tasks and of workflows. docs/infrastructure.md has a sample boundary for each.',
    change:
      'A key must let CloudWatch Logs use it before. With a boundary on a role that is there, deploy by hand once.',
  },
  {
    title: 'Image repositories',
    answers: ['registry.scope'],
    of: ({ registry }, { sharedRegistry }) =>
      registry
        ? {
            what: 'an ECR repository of its own',
            why: 'The account holds every image that it runs, and a fault of another account does not reach it.',
          }
        : {
            what: `the shared one of account ${sharedRegistry!.account}`,
            why: 'Each image is stored once, and the same digest runs everywhere.',
          },
    others: 'One repository for each environment, or one that several environments share, in any account.',
    change: `Before a deployment, the image must be in the other repository: publish or promote it. The shared one is the layer ${SHARED}.`,
  },
];

function boundedRoles({ permissionsBoundaryArn, deliveryBoundaryArn }: EnvironmentConfig): string {
  if (permissionsBoundaryArn === undefined)
    return deliveryBoundaryArn === undefined ? 'no roles' : 'roles of workflows alone';
  return deliveryBoundaryArn === undefined ? 'roles of tasks alone' : 'roles of tasks and of workflows';
}

const STRATEGIES: Readonly<Record<TrafficShift['strategy'] | 'ROLLING', Decided>> = {
  ROLLING: {
    what: 'rolling',
    why: 'It is the simplest: new tasks start, and old ones end once those are healthy. ECS goes back by itself if they are not.',
  },
  BLUE_GREEN: {
    what: 'blue-green',
    why: 'All traffic moves at once, and can move back at once while the old tasks are there.',
  },
  CANARY: {
    what: 'canary',
    why: 'A fault meets a part of the requests only, and alarms can end the deployment before the rest moves.',
  },
  LINEAR: {
    what: 'linear',
    why: 'The load of the new tasks grows step by step, and alarms can end the deployment at each.',
  },
};

/** Context of docs/decisions.md. */
export function decisionsContext(deployment: Deployment): object {
  return {
    decisions: DECISIONS.map(({ of, ...decision }) => ({
      ...decision,
      anchor: decision.title.toLowerCase().replaceAll(' ', '-'),
      environments: deployment.environments.map((environment) => ({
        name: environment.name,
        ...of(environment, deployment),
      })),
    })),
  };
}
