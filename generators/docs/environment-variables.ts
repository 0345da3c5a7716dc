import type { Deployment } from '../../src/model/deployment';

/** What docs/environment-variables.md is rendered from. */
export function environmentVariablesContext({ conventions, environments }: Deployment): object {
  const derived = Object.entries(conventions.derivedEnvironment).map(([name, what]) => ({ name, what }));
  return {
    conventions: { id: conventions.id, title: conventions.title, sources: conventions.sources },
    fixed: Object.entries(conventions.fixedEnvironment).map(([name, { value, why }]) => ({ name, value, why })),
    derived,
    optional: Object.entries(conventions.optionalEnvironment).map(([name, what]) => ({ name, what })),
    forbidden: Object.entries(conventions.forbiddenEnvironment).map(([name, what]) => ({ name, what })),
    first: environments[0]!.name,
    environments: environments.map(({ name, service }) => {
      const { environment, secrets } = service.taskDefinition;
      const isDerived = (variable: string) => variable in conventions.derivedEnvironment;
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
