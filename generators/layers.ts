import type { Environment } from '../src/model/deployment';

/** A shared repository serves others too, and a retained one outlives its environment. */
export function keepsRegistry({ registry }: Environment): boolean {
  return registry === undefined || registry.repository.retain;
}

/** What applying the registry layer of an environment does, in a few words. */
export function describeRegistry({ name, registry }: Environment): string {
  const roles = registry?.delivery ? ', and the roles of its workflows' : '';
  return `Create or update the ECR repository that ${name} pulls from${roles}`;
}

/** What destroying an environment does, in a few words. */
export function describeDestroy(environment: Environment): string {
  const { name, registry, service } = environment;
  const kept = [
    ...(keepsRegistry(environment) ? ['the ECR repository'] : []),
    ...(service.logGroup.retain ? ['the log group'] : []),
  ];
  const provider =
    registry?.delivery?.provider.create && !keepsRegistry(environment)
      ? ", and GitHub's identity provider, by which every workflow acts in its account"
      : '';
  return `Destroy ${name}${kept.length > 0 ? `, but for ${kept.join(' and ')}` : ', its images and logs included'}${provider}`;
}
