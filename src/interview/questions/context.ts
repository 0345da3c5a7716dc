import type { Context, PartialEnvironment } from '../question';

export const always = () => true;

export const isDomain = ({ environment }: Context) => environment.routing?.mode === 'domain';

/** Other environments whose rules are on the listener of the one at hand. */
export function onSameListener({ environment, others }: Context): PartialEnvironment[] {
  const listener = environment.network?.listenerArn;
  return listener === undefined ? [] : others.filter(({ network }) => network?.listenerArn === listener);
}

/** The network of an environment on the same listener: the same load balancer, so most likely the same answers. */
export function behindSameListener(context: Context): PartialEnvironment['network'] {
  return onSameListener(context)[0]?.network;
}
