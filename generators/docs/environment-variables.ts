import type { VariableSource } from '../../src/conventions';
import { ANSWER_OF } from '../../src/conventions/labels';
import type { Deployment } from '../../src/model/deployment';
import { isNoProxy, NEVER_PROXIED } from '../../src/model/egress';
import { conventionsContext, withFailure } from './conventions';
import { targetContext } from './target';

/** Context of docs/environment-variables.md. */
export function environmentVariablesContext(deployment: Deployment): object {
  const { conventions, environments, image } = deployment;
  const { shim } = image;
  const { fixed, derived, optional, dead, dangerous } = conventions.environment;
  return {
    ...targetContext(deployment),
    conventions: conventionsContext(deployment),
    fixed: rows(fixed).map(withFailure),
    derived: [
      ...rows(derived).map((variable) => ({ ...withFailure(variable), answer: answerOf(variable) })),
      ...(shim ? [{ ...ORIGINS, name: shim.cors.variable }] : []),
    ],
    owned: Object.values(derived).some(({ from }) => from === 'environment'),
    optional: rows(optional),
    neverProxied: NEVER_PROXIED,
    forbidden: Object.entries({ ...dangerous, ...dead }).map(([name, why]) => ({ name, why })),
    first: environments[0]!.name,
    modes: Object.entries(conventions.auth.modes).map(([mode, { meaning, secret }]) => ({
      mode,
      meaning,
      secret: secret ? withFailure(secret) : null,
    })),
    environments: environments.map(({ name, service }) => {
      const { environment, secrets } = service.taskDefinition;
      const isDerived = (variable: string) =>
        variable === shim?.cors.variable || (variable in derived && derived[variable]!.from !== 'environment');
      return {
        name,
        variables: Object.entries(environment).map(([variable, value]) => ({
          variable,
          value,
          from: isDerived(variable) ? 'derived' : `environments.${name}.environment`,
          isExtended: isNoProxy(variable) && value !== '*',
        })),
        secrets,
      };
    }),
  };
}

/** The variable that a shim reads, as those are that the server does. */
const ORIGINS = {
  meaning:
    'origins whose pages may call the server, parted by commas: the host itself and those named; read by the shim',
  without: null,
  answer: 'cors.allowedOrigins',
  from: 'image',
};

/** Path of the answer that a derived variable comes from; one that its owner gives is an answer of its own. */
function answerOf({ name, from }: { readonly name: string; readonly from: VariableSource }): string {
  return from === 'environment' ? `${ANSWER_OF[from]}.${name}` : ANSWER_OF[from];
}

function rows<T extends object>(variables: Readonly<Record<string, T>>): ({ name: string } & T)[] {
  return Object.entries(variables).map(([name, variable]) => ({ name, ...variable }));
}
