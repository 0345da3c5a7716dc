import { ANSWER_OF } from '../../src/conventions/words';
import type { Deployment } from '../../src/model/deployment';
import { conventionsContext } from './conventions';
import { targetContext } from './target';

/** What docs/environment-variables.md is rendered from. */
export function environmentVariablesContext(deployment: Deployment): object {
  const { conventions, environments, image } = deployment;
  const { shim } = image;
  const { fixed, derived, optional, dead, dangerous } = conventions.environment;
  return {
    ...targetContext(deployment),
    conventions: conventionsContext(deployment),
    fixed: rows(fixed),
    derived: [
      ...rows(derived).map(({ name, meaning, from }) => ({ name, meaning, answer: ANSWER_OF[from], from })),
      ...(shim
        ? [
            {
              name: shim.cors.variable,
              meaning:
                'origins whose pages may call the server, parted by commas: the host itself and those named; read by the shim',
              answer: 'cors.allowedOrigins',
              from: 'image',
            },
          ]
        : []),
    ],
    optional: rows(optional),
    forbidden: Object.entries({ ...dangerous, ...dead }).map(([name, why]) => ({ name, why })),
    first: environments[0]!.name,
    modes: Object.entries(conventions.auth.modes).map(([mode, { meaning, secret }]) => ({
      mode,
      meaning,
      secret: secret ?? null,
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
        })),
        secrets,
      };
    }),
  };
}

function rows<T extends object>(variables: Readonly<Record<string, T>>): ({ name: string } & T)[] {
  return Object.entries(variables).map(([name, variable]) => ({ name, ...variable }));
}
