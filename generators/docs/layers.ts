import type { Deployment, Environment, RegistryLayer, ServiceLayer } from '../../src/model/deployment';

/** The registry layer that an environment pulls from: its own, or the shared one. */
export function registryOf(environment: Environment, deployment: Deployment): RegistryLayer {
  return environment.registry ?? deployment.sharedRegistry!;
}

/** CPU units and MiB as people say them: `0.5 vCPU, 1 GiB`. */
export function taskSize({ cpu, memory }: { readonly cpu: number; readonly memory: number }): string {
  return `${cpu / 1024} vCPU, ${memory % 1024 === 0 ? `${memory / 1024} GiB` : `${memory} MiB`}`;
}

/** The block of priorities that an environment takes on its listener: `100`, or `100 to 110`. */
export function priorityBlock({ listenerPriority, listenerRules }: ServiceLayer): string {
  const last = listenerRules.at(-1)!.priority;
  return listenerPriority === last ? String(last) : `${listenerPriority} to ${last}`;
}

/** A number of things: `1 task`, `2 tasks`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
