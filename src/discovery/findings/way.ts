import { enumerate } from '../../conventions/labels';
import { NotModelled } from '../listener-rules';
import { type Planned, withDeployment } from '../planned';
import { isForAll, type Obstacle, obstaclesOut, obstaclesTo, type ServicePlace } from '../reachability';
import type { AllParts } from '../snapshot';
import { type Found, ofDeployment } from './check';
import { priorityRemedy } from './priorities';

const HTTPS = 443;

type WayIn = Pick<AllParts, 'loadBalancers' | 'listeners' | 'targetGroups' | 'securityGroups' | 'subnets'>;

/** Effect and remedy of an obstacle for requests, by its place. */
function meaningOf({ at }: Obstacle, planned: Planned, parts: WayIn): Pick<Found, 'effect' | 'remedy'> {
  const { name, service, quiltStack, url } = planned.environment;
  const { port } = planned.contract.container;
  const path = `environments.${name}.network`;
  const listener = parts.listeners.find(({ arn }) => arn === service.listenerArn);
  if (at === 'listener') {
    const effect = "Requests for the server get an answer of something else, e.g. the catalog's page or its 405.";
    const wanted = Number(new URL(url).port || HTTPS);
    return listener?.port === wanted
      ? { effect, remedy: priorityRemedy(parts, planned) }
      : {
          effect,
          remedy: `Set ${path}.listenerArn to the listener on port ${wanted}: npm run analyze:${name} looks for it.`,
        };
  }
  const balancer = parts.loadBalancers.find(({ arn }) => arn === listener?.loadBalancerArn);
  const groups = balancer?.securityGroupIds ?? quiltStack.albSecurityGroupIds;
  // The answers have the one first that is for the way to its targets.
  const [best = groups[0]] = quiltStack.albSecurityGroupIds.filter((id) => groups.includes(id));
  if (at === 'load balancer') {
    return {
      effect: 'Every target stays unhealthy, and the deployment is rolled back. The log says nothing about it.',
      remedy: `Set ${path}.albEgress to {"create": "${best}"}, or let the owner of ${enumerate(groups)} allow TCP ${port} out to the tasks.`,
    };
  }
  return {
    effect: 'Every target stays unhealthy, and the deployment is rolled back.',
    remedy: `Set ${path}.albSecurityGroupIds to the security groups that the load balancer has: ${JSON.stringify(groups)}.`,
  };
}

function unique(obstacles: readonly Obstacle[]): Obstacle[] {
  return [...new Map(obstacles.map((obstacle) => [obstacle.text, obstacle])).values()];
}

/** The place of a service in those of its subnets that are there. */
function inKnownSubnets(place: ServicePlace, subnets: AllParts['subnets']): ServicePlace {
  return { ...place, subnetIds: place.subnetIds.filter((id) => subnets.some((subnet) => subnet.id === id)) };
}

/** Check: requests reach the tasks: of clients without an Origin, and of the pages of its own host. */
export const WAY_IN = ofDeployment(
  'way-in',
  'Do requests reach the tasks?',
  ['loadBalancers', 'listeners', 'targetGroups', 'securityGroups', 'subnets'],
  (parts, planned) => {
    const { facts, place } = withDeployment(parts, planned);
    if (!facts.listeners.some(({ arn }) => arn === place.listenerArn)) {
      throw new NotModelled('the listener of the answers is not there');
    }
    const { url } = planned.environment;
    const Origin = new URL(url).origin;
    const obstacles = [undefined, { Origin }].flatMap((headers) =>
      obstaclesTo(facts, { url, headers }, inKnownSubnets(place, parts.subnets)),
    );
    return unique(obstacles).map((obstacle) => ({
      severity: 'error',
      text: obstacle.text,
      evidence: 'listener rules and security groups: aws elbv2 describe-rules, aws ec2 describe-security-groups',
      ...meaningOf(obstacle, planned, parts),
    }));
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
    const { name, quiltStack } = planned.environment;
    const known = inKnownSubnets(place, parts.subnets);
    const leading = parts.subnets
      .map(({ id }) => id)
      .filter((id) => obstaclesOut(facts, { ...place, subnetIds: [id] }).length === 0);
    const choice =
      leading.length === 0
        ? `but no subnet of ${quiltStack.vpcId} has one`
        : `${enumerate(leading)} ${leading.length === 1 ? 'has' : 'have'} one. In a Quilt stack they are its parameter Subnets, not IntraSubnets`;
    const remedy = `Set environments.${name}.network.privateSubnetIds to subnets with a way out: ${choice}.`;
    const gone = place.subnetIds.filter((id) => !known.subnetIds.includes(id));
    return [
      ...gone.map(
        (id): Found => ({
          severity: 'error',
          text: `there is no subnet ${id} in ${quiltStack.vpcId}`,
          evidence: 'aws ec2 describe-subnets',
          effect:
            'The deployment fails: ECS refuses the service, with InvalidSubnetID.NotFound if there is no such subnet anywhere.',
          remedy,
        }),
      ),
      ...unique(obstaclesOut(facts, known)).map(
        ({ text }): Found => ({
          severity: 'error',
          text,
          evidence: 'route tables: aws ec2 describe-route-tables',
          effect:
            'Tasks cannot pull their image, and end with CannotPullContainerError or ResourceInitializationError.',
          remedy,
        }),
      ),
    ];
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
