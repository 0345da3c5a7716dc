import { enumerate } from '../../conventions/labels';
import { type Planned, withDeployment } from '../planned';
import { isForAll, type Obstacle, obstaclesOut, obstaclesTo } from '../reachability';
import { type Found, ofDeployment } from './check';

/** Effect and remedy of an obstacle, by its place. */
const MEANING: Readonly<Record<Obstacle['at'], (planned: Planned) => Pick<Found, 'effect' | 'remedy'>>> = {
  listener: ({ environment }) => ({
    effect: "Requests for the server get an answer of something else, e.g. the catalog's page or its 405.",
    remedy: `Set environments.${environment.name}.routing.priority so that all its rules come before that rule.`,
  }),
  'load balancer': ({ environment, contract }) => ({
    effect: 'Every target stays unhealthy, and the deployment is rolled back. The log says nothing about it.',
    remedy: `Set environments.${environment.name}.network.albEgress to {"create": "sg-…"} with one of ${enumerate(environment.quiltStack.albSecurityGroupIds)}, or let the owner of these groups allow TCP ${contract.container.port} out.`,
  }),
  tasks: ({ environment }) => ({
    effect: 'Every target stays unhealthy, or tasks cannot pull their image.',
    remedy: `Set environments.${environment.name}.network.albSecurityGroupIds to the security groups that the load balancer has.`,
  }),
  subnets: ({ environment }) => ({
    effect: 'Tasks cannot pull their image, and end with CannotPullContainerError or ResourceInitializationError.',
    remedy: `Set environments.${environment.name}.network.privateSubnetIds to subnets with a route to a NAT gateway: the parameter Subnets of the Quilt stack, not IntraSubnets.`,
  }),
};

function foundOf(obstacles: readonly Obstacle[], planned: Planned, evidence: string): Found[] {
  const texts = new Map(obstacles.map((obstacle) => [obstacle.text, obstacle]));
  return [...texts.values()].map(({ at, text }) => ({ severity: 'error', text, evidence, ...MEANING[at](planned) }));
}

/** Check: requests reach the tasks: of clients without an Origin, and of the pages of its own host. */
export const WAY_IN = ofDeployment(
  'way-in',
  'Do requests reach the tasks?',
  ['loadBalancers', 'listeners', 'targetGroups', 'securityGroups', 'subnets'],
  (parts, planned) => {
    const { facts, place } = withDeployment(parts, planned);
    const { url } = planned.environment;
    const Origin = new URL(url).origin;
    const obstacles = [undefined, { Origin }].flatMap((headers) => obstaclesTo(facts, { url, headers }, place));
    return foundOf(
      obstacles,
      planned,
      'listener rules and security groups: aws elbv2 describe-rules, aws ec2 describe-security-groups',
    );
  },
);

/** Check: tasks have a way out, to their image and their log. */
export const WAY_OUT = ofDeployment(
  'way-out',
  'Do the tasks have a way out, to their image and their log?',
  [
    'loadBalancers',
    'listeners',
    'targetGroups',
    'securityGroups',
    'subnets',
    'routeTables',
    'natGateways',
    'endpoints',
  ],
  (parts, planned) => {
    const { facts, place } = withDeployment(parts, planned);
    return foundOf(obstaclesOut(facts, place), planned, 'route tables: aws ec2 describe-route-tables');
  },
);

/**
 * Check: the load balancer's group needs the rule of the deployment. With a rule of its own, CloudFormation removes a
 * group's default rule out to everything, so the deploy task leaves it out then (`src/operations/alb-egress.ts`).
 * Source: aws/aws-cdk issue 998; cloudformation-language-discussion 157.
 */
export const ALLOW_ALL = ofDeployment(
  'allow-all',
  "Does the load balancer's group need the rule of this deployment?",
  ['securityGroups'],
  ({ securityGroups }, { environment: { name, service }, target }) => {
    const { albEgressGroupId } = service;
    const group = securityGroups.find(({ id }) => id === albEgressGroupId);
    if (!group?.egress.some(isForAll)) return [];
    return [
      {
        severity: 'note',
        text: `${albEgressGroupId} lets the load balancer out to everything already, so it needs no rule to the tasks`,
        evidence: `security group ${albEgressGroupId}: aws ec2 describe-security-groups`,
        effect:
          target === 'terraform'
            ? 'Terraform adds its rule beside that one.'
            : `The task deploy:${name} leaves its own rule out (AlbEgress off). A deployment with AlbEgress on would remove the rule for everything, and the load balancer would lose its way to the catalog.`,
        remedy: `Set environments.${name}.network.albEgress to "present".`,
      },
    ];
  },
);
