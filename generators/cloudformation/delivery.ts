import type { Grant } from '../../src/model/delivery/grants';
import { byPolicy } from '../../src/model/delivery/policies';
import { DUTIES, engineGrants, haveRolesAlone } from '../../src/model/delivery/roles';
import type { Deployment } from '../../src/model/deployment';
import { identityProviderContext } from '../delivery';
import { OPTIONAL_PARAMETERS, subjectParameter } from '../inputs/delivery-roles';

/** Context of the roles of workflows in the registry's template; undefined if there are none. */
export function deliveryTemplate(deployment: Deployment) {
  const context = identityProviderContext(deployment);
  const rolesAlone = haveRolesAlone(deployment.environments);
  // Statements on the repository have no condition if every stack has one.
  const asked = ({ when, ...grant }: Grant): Grant => ({ ...grant, ...(when !== 'RepositoryName' && { when }) });
  return (
    context && {
      ...context,
      optional: OPTIONAL_PARAMETERS,
      roles: DUTIES.map(({ duty, description, grants }) => ({
        id: `${capitalized(duty)}Role`,
        duty,
        description: description('${ServiceName}'),
        subject: subjectParameter(duty),
        policies: byPolicy(grants, engineGrants('cloudformation', duty)).map((policy) => ({
          id: `${capitalized(duty)}${capitalized(policy.topic)}Policy`,
          topic: policy.topic,
          statements: policy.grants.map((grant) => statement(rolesAlone ? grant : asked(grant))),
        })),
      })),
    }
  );
}

function capitalized(word: string): string {
  return `${word[0]!.toUpperCase()}${word.slice(1)}`;
}

/** Statement of a policy. A list of one is written as its item, and no list is indented: that takes much of the 51,200 bytes of a template. */
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
