import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { StackPlace } from '../stack';

/** Folder of the CDK app, from the repository's root. */
export const APP = 'deploy/cdk';

/** Configuration of an environment, or of the shared registry: the part that a deployment reads here. */
export interface StackConfig {
  readonly region: string;
  readonly registry?: { readonly stackName: string };
  readonly service?: ServiceConfig;
}

/** The stack of a service. */
export interface ServiceConfig {
  readonly stackName: string;
  readonly server: {
    readonly name: string;
    readonly clusterArn: string;
    readonly albSecurityGroupIds: readonly string[];
    readonly albEgressSecurityGroupId?: string;
    /** Present if ECS moves the traffic of the service between two target groups. */
    readonly trafficShift?: object;
  };
}

/** A stack of a service, with its place. */
export interface ServiceStack {
  readonly place: StackPlace;
  readonly server: ServiceConfig['server'];
}

/** Configurations of all stacks; undefined if the repository does not deploy with the CDK. */
export function readConfigs(root: string): readonly StackConfig[] | undefined {
  const folder = join(root, APP, 'config');
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as StackConfig);
}

/** The stacks of the configuration. */
export function stackPlaces(configs: readonly StackConfig[]): StackPlace[] {
  return configs.flatMap(({ region, registry, service }) =>
    [registry, service].flatMap((layer) => (layer ? [{ name: layer.stackName, region }] : [])),
  );
}

/** The stacks of services that are among words of a command line. */
export function serviceStacksAmong(words: readonly string[], configs: readonly StackConfig[]): ServiceStack[] {
  return configs.flatMap(({ region, service }) =>
    service && words.includes(service.stackName)
      ? [{ place: { name: service.stackName, region }, server: service.server }]
      : [],
  );
}
