import { enumerate } from '../../conventions/labels';
import { isNameOf, type Named } from '../../model/names';
import { NotModelled } from '../listener-rules';
import { type Planned, targetGroupNames } from '../planned';
import type { AllParts, NamedResource } from '../snapshot';
import { type Found, ofDeployment } from './check';

const NEEDED = ['services', 'targetGroups', 'securityGroups', 'repositories', 'logGroups', 'roles'] as const;
type NamedParts = Pick<AllParts, (typeof NEEDED)[number]>;

const EVIDENCE =
  'without the tag Service of this generator: aws ecs describe-services, aws elbv2 describe-tags, aws ec2 describe-security-groups, aws ecr list-tags-for-resource, aws logs list-tags-for-resource, aws iam get-role';

/**
 * Check: no resource of somebody else has a name of the deployment. Each resource of this generator has the tag `Service`, and
 * its service the tag `Convention` beside it.
 */
export const NAMES = ofDeployment(
  'names',
  "Are the names of the deployment's resources free, or its own?",
  NEEDED,
  (parts, planned) => {
    const { name, service } = planned.environment;
    const taken = ofOthers(parts, planned).filter(({ isPlanned }) => isPlanned);
    const { retain } = service.logGroup;
    const isThere = parts.services.some((one) => one.name === service.serviceName && one.convention !== undefined);
    const left = parts.logGroups.some(
      (one) => one.name === service.logGroup.name && one.service === service.serviceName,
    );
    const errors: Found[] =
      taken.length === 0
        ? []
        : [
            {
              severity: 'error',
              text: `${enumerate(taken.map(({ title }) => title))} ${isOrAre(taken)} there already, and not of this generator`,
              evidence: EVIDENCE,
              effect: 'The deployment fails: AWS takes no second one of the name.',
              remedy: `Remove ${taken.length === 1 ? 'it' : 'them'} if nobody needs ${taken.length === 1 ? 'it' : 'them'}. If not, give the environment ${name} another name, or the deployment by name in mcp-deploy.json.`,
            },
          ];
    if (retain || isThere || !left) return errors;
    return [
      ...errors,
      {
        severity: 'warning',
        text: `the log group ${service.logGroup.name} of an earlier deployment is there still`,
        evidence: 'aws logs describe-log-groups, aws logs list-tags-for-resource',
        effect: 'Without retainData a new deployment makes it again, and fails.',
        remedy: `Set environments.${name}.retainData to true, then the deployment takes it over. Or delete it: aws logs delete-log-group --region ${planned.environment.region} --log-group-name ${service.logGroup.name}`,
      },
    ];
  },
);

/** Check: no resource of somebody else has a name that another environment of the deployment would have. */
export const OTHER_NAMES = ofDeployment(
  'other-names',
  "Are the names of other environments' resources free, or of this generator?",
  NEEDED,
  (parts, planned) => {
    const taken = ofOthers(parts, planned).filter(({ isPlanned }) => !isPlanned);
    return taken.length === 0
      ? []
      : [
          {
            severity: 'warning',
            text: `${enumerate(taken.map(({ title }) => title))} ${isOrAre(taken)} named as an environment of ${planned.name} would name ${taken.length === 1 ? 'it' : 'them'}, and not of this generator`,
            evidence: EVIDENCE,
            effect: 'A deployment of an environment that comes to such a name fails.',
            remedy: `Call no environment as the end of ${taken.length === 1 ? 'that name' : 'these names'} says, or choose another name for the deployment.`,
          },
        ];
  },
);

function isOrAre({ length }: readonly unknown[]): string {
  return length === 1 ? 'is' : 'are';
}

/** True for a security group with the name of a service's, perhaps with a suffix. */
function isGroupOf(group: string, service: string): boolean {
  return group === service || group.startsWith(`${service}-`);
}

/** A resource of somebody else with a name of a deployment. */
interface Taken {
  /** With its kind. */
  readonly title: string;
  /** Of the planned environment, and not of another. */
  readonly isPlanned: boolean;
}

function ofOthers(parts: NamedParts, planned: Planned): Taken[] {
  const { services, targetGroups, securityGroups, repositories, logGroups, roles } = parts;
  const { service, registry } = planned.environment;
  const tagged = services.map(({ name, convention }) => ({ name, service: convention === undefined ? null : name }));
  // A stack that somebody made without tags of its own has none on its group, but its service has the tag of this generator.
  const groups = securityGroups.map(({ name, service: tag }) => ({
    name,
    service:
      tag === null ? (tagged.find((one) => one.service !== null && isGroupOf(name, one.name))?.name ?? null) : tag,
  }));
  const { executionRole, taskRole, rollout } = service;
  const roleNames = [executionRole.name, taskRole.name, ...(rollout.shift ? [rollout.shift.roleName] : [])];
  const unasked = roleNames.find((name) => !roles.some((role) => role.name === name));
  if (unasked !== undefined) {
    throw new NotModelled(`the role ${unasked} was not asked for: this reading was made without these answers`);
  }
  return [
    ...takenOf('service', 'service', tagged, [service.serviceName]),
    ...takenOf('targetGroup', 'target group', targetGroups, targetGroupNames(service)),
    ...takenOf('securityGroup', 'security group', groups, [service.securityGroup.name]),
    ...takenOf('repository', 'repository', repositories, registry ? [registry.repository.name] : []),
    // With retainData a deployment takes it over.
    ...takenOf(
      'logGroup',
      'log group',
      logGroups.filter(({ name }) => !service.logGroup.retain || name !== service.logGroup.name),
      [service.logGroup.name],
    ),
    ...takenOf(
      'taskRole',
      'role',
      roles.filter(({ name, isThere }) => isThere && roleNames.includes(name)),
      roleNames,
    ),
  ];

  function takenOf(kind: Named, called: string, there: readonly NamedResource[], own: readonly string[]): Taken[] {
    return there.flatMap(({ name, service: tag }) => {
      const isPlanned = own.includes(name);
      if (!isPlanned && !isNameOf(kind, planned.name, name)) return [];
      if (tag === undefined) throw new NotModelled(`the tags of the ${called} ${name} were not read`);
      const isOwn = tag !== null && (isPlanned ? tag === service.serviceName : isNameOf('service', planned.name, tag));
      return isOwn ? [] : [{ title: `the ${called} ${name}`, isPlanned }];
    });
  }
}
