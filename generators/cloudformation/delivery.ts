import { DELIVERY_NAMES, type Grant, OPTIONAL_DELIVERY_NAMES } from '../../src/model/delivery/grants';
import { byPolicy } from '../../src/model/delivery/policies';
import { DUTIES, engineGrants, haveRolesAlone } from '../../src/model/delivery/roles';
import type { Delivery, Deployment, Duty } from '../../src/model/deployment';
import { identityProviderContext, otherAudience } from '../delivery';

/** A parameter that another part of the template has already. */
const KNOWN = ['RepositoryName'];

/** Parameters that the console shows in the group of the workflows, and not of the resources that these deploy. */
const OF_WORKFLOWS = ['CreatedProvider', 'DeliveryBoundaryArn', 'UpstreamRepositoryArn'];

/** Context of the roles of workflows in the registry's template; undefined if there are none. */
export function deliveryTemplate(deployment: Deployment) {
  const context = identityProviderContext(deployment);
  const rolesAlone = haveRolesAlone(deployment.environments);
  // Statements on the repository have no condition if every stack has one.
  const asked = ({ when, ...grant }: Grant): Grant => ({ ...grant, ...(when !== 'RepositoryName' && { when }) });
  return (
    context && {
      ...context,
      names: [...parameters(DELIVERY_NAMES, false), ...parameters(OPTIONAL_DELIVERY_NAMES, true)],
      roles: DUTIES.map(({ duty, githubEnvironment, description, grants }) => ({
        id: `${capitalized(duty)}Role`,
        duty,
        description: description('${ServiceName}'),
        subject: subjectParameter(duty),
        example: githubEnvironment('prod'),
        policies: byPolicy(grants, engineGrants('cloudformation', duty)).map((policy) => ({
          id: `${capitalized(duty)}${capitalized(policy.topic)}Policy`,
          topic: policy.topic,
          statements: policy.grants.map((grant) => statement(rolesAlone ? grant : asked(grant))),
        })),
      })),
    }
  );
}

/** Parameters of the template beside those of the repository; every value is text. */
export function deliveryParameters(delivery: Delivery): Record<string, string> {
  const { provider, roles, names } = delivery;
  const audience = otherAudience(delivery);
  return {
    RepositoryId: roles[0]!.trust.repositoryId ?? '',
    ...noSubjects(roles),
    ...(audience !== undefined && { OidcAudience: audience }),
    ...Object.fromEntries(roles.map(({ duty, trust }) => [subjectParameter(duty), trust.subject])),
    OidcProviderArn: provider.arn,
    ...Object.fromEntries(Object.entries(names).filter(([name]) => !KNOWN.includes(name))),
  };
}

/** Empty subjects, for the duties that the layer has no role for. */
function noSubjects(roles: Delivery['roles']): Record<string, string> {
  const missing = DUTIES.filter(({ duty }) => !roles.some((role) => role.duty === duty));
  return Object.fromEntries(missing.map(({ duty }) => [subjectParameter(duty), '']));
}

function subjectParameter(duty: Duty): string {
  return `${capitalized(duty)}Subject`;
}

function capitalized(word: string): string {
  return `${word[0]!.toUpperCase()}${word.slice(1)}`;
}

function parameters(names: Readonly<Record<string, string>>, optional: boolean) {
  return Object.entries(names)
    .filter(([name]) => !KNOWN.includes(name))
    .map(([name, description]) => ({
      name,
      description: JSON.stringify(description),
      optional,
      deployed: !OF_WORKFLOWS.includes(name),
    }));
}

/** Statement of a policy. A list of one is written as its item: indented lists take much of the 51,200 bytes of a template. */
function statement({ sid, actions, on, conditions = {}, when, unless }: Grant) {
  const resources = on.map((resource) =>
    typeof resource === 'string'
      ? substituted(resource)
      : `!If [Has${resource.when}, ${substituted(resource.resource)}, !Ref AWS::NoValue]`,
  );
  return {
    sid,
    action: only(actions),
    actions,
    resource: only(resources),
    resources,
    conditions: Object.entries(conditions).map(([operator, keys]) => ({
      // YAML takes a bare Null for no value.
      operator: operator === 'Null' ? `'${operator}'` : operator,
      keys: Object.entries(keys).map(([key, value]) => {
        const values = [value].flat().map(substituted);
        return { key, value: only(values), values };
      }),
    })),
    condition: (when ?? unless) && `Has${when ?? unless}`,
    unless: unless !== undefined,
  };
}

/** The only one of a list; undefined if there are more. */
function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

/** Text whose `${Name}` CloudFormation fills in. */
function substituted(text: string): string {
  const [, only] = /^\$\{(\w+)\}$/.exec(text) ?? [];
  if (only) return `!Ref ${only}`;
  const quoted = `'${text}'`;
  return text.includes('${') ? `!Sub ${quoted}` : quoted;
}
