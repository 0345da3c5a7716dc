import type { Impact, ResourceChange } from '../resources/impact';

/** Requests that the load balancer answers itself once an upgrade is deployed. */
export interface ClientChange {
  /** The environments with this change. */
  readonly environments: readonly string[];
  readonly status: 403 | 404;
  /** Kind of requests, for a list. */
  readonly requests: string;
  /** The owner's remedy, if somebody needs these requests. */
  readonly way: string;
}

type RuleResponse = Pick<ClientChange, 'status' | 'requests' | 'way'>;

/** Changes by the id of the listener rule. */
const ANSWERS: Readonly<Record<string, RuleResponse>> = {
  otherOriginRule: {
    status: 403,
    requests: 'pages of other origins',
    way: 'name the origins of pages that may call the server in cors.allowedOrigins, or set cors.foreignOrigins to forward',
  },
  oauthProbeRule: {
    status: 404,
    requests: 'requests for OAuth metadata of the host',
    way: 'if another application of this host answers them, set routing.answerOauthProbes to false',
  },
};

/** Changes for clients that new listener rules make, beside a server that is there already. */
export function clientChanges(impact: Impact): ClientChange[] {
  const made = impact.filter(({ action }) => action === 'create');
  const isNew = ({ environment }: ResourceChange) =>
    made.some((other) => other.environment === environment && other.id === 'listenerRule');
  return Object.entries(ANSWERS).flatMap(([id, answer]) => {
    const environments = made
      .filter((change) => change.id === id && !isNew(change))
      .map((change) => change.environment);
    return environments.length === 0 ? [] : [{ environments, ...answer }];
  });
}
