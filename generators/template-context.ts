import { haveRolesAlone } from '../src/model/delivery/roles';
import type { Deployment } from '../src/model/deployment';
import { usesOtherPorts } from '../src/model/egress';
import { SUFFIXES } from '../src/model/names';
import { FIXED_RESPONSES } from '../src/resources/listener';

/** Context of the templates of every target; each target adds its own. */
export function templateContext(deployment: Deployment) {
  const { contract, conventions, environments } = deployment;
  const { targetGroup, service } = contract;
  return {
    ...contract,
    rolesAlone: haveRolesAlone(environments),
    conventions: {
      id: conventions.id,
      serverVersion: conventions.image.defaultVersion,
      path: conventions.endpoint.path,
      taskRole: conventions.iam.why,
    },
    fixed: Object.entries(conventions.environment.fixed).map(([name, { value, why }]) => ({ name, value, why })),
    healthCheck: { path: targetGroup.healthCheckPath },
    service: { ...service, healthCheckGracePeriodSeconds: service.healthCheckGracePeriod },
    responses: FIXED_RESPONSES,
    suffixes: SUFFIXES,
    otherPorts: usesOtherPorts(deployment),
  };
}
