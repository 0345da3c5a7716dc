import type { Deployable } from '../conventions';
import type { ServiceContract, Tags } from './deployment';

/**
 * Condition values that one listener rule may hold.
 * Source: Elastic Load Balancing user guide, "Quotas for your Application Load Balancers".
 */
const VALUES_PER_RULE = 5;

/**
 * Paths by which clients look for OAuth metadata: with the server's path after it first, then without.
 * Source: Model Context Protocol specification, "Authorization"; seen with mcp-remote 0.15.1 and the SDK 1.32.2.
 */
const OAUTH_PROBES = ['oauth-protected-resource', 'oauth-authorization-server', 'openid-configuration'].map(
  (name) => `/.well-known/${name}*`,
);

/** The contract of a service: values that a generation's conventions fix, whatever the answers. */
export function resolveContract(conventions: Deployable): ServiceContract {
  const { endpoint, health, environment, auth, timing } = conventions;
  const path = endpoint.path.replace(/\/$/, '');
  const paths = [path, `${path}/*`];
  const probe = `import urllib.request; urllib.request.urlopen('http://127.0.0.1:${endpoint.port}${health.path}', timeout=4).read()`;
  return {
    container: {
      port: endpoint.port,
      user: '10001:10001',
      stopTimeout: timing.stopTimeout,
      tmpfs: { containerPath: '/tmp', size: 256 },
      environment: Object.fromEntries(Object.entries(environment.fixed).map(([name, { value }]) => [name, value])),
      probe: {
        command: ['CMD-SHELL', `python3 -c "${probe}" || exit 1`],
        interval: 30,
        timeout: 5,
        retries: 3,
        startPeriod: timing.startPeriod,
      },
    },
    targetGroup: {
      healthCheckPath: health.path,
      matcher: '200',
      interval: 30,
      timeout: 6,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
      deregistrationDelay: 30,
      stickinessDuration: 86_400,
    },
    service: { minimumHealthyPercent: 100, maximumPercent: 200, healthCheckGracePeriod: timing.startPeriod },
    routing: { paths, originsPerRule: VALUES_PER_RULE - paths.length - 1, oauthProbes: OAUTH_PROBES },
    registry: { expireUntaggedAfterDays: 14 },
    conventionTags: conventionTags(conventions),
    forbiddenVariables: byReason({ ...environment.dangerous, ...environment.dead }),
    requiredVariables: Object.keys(environment.derived)
      .filter((name) => environment.derived[name]!.from !== 'serviceTimeout')
      .sort(),
    requiredSecrets: Object.values(auth.modes).flatMap(({ secret }) => secret?.variable ?? []),
  };
}

/** Tags that say which conventions something follows, and whether these are unsafe. */
export function conventionTags({ id, support }: Pick<Deployable, 'id' | 'support'>): Tags {
  return { Convention: id, ...(support.kind === 'unsafe' ? { Warning: support.tag } : {}) };
}

function byReason(variables: Readonly<Record<string, string>>): ServiceContract['forbiddenVariables'] {
  const reasons = [...new Set(Object.values(variables))];
  return reasons.map((why) => ({ why, names: Object.keys(variables).filter((name) => variables[name] === why) }));
}

/**
 * Seconds that the server is told to wait for Quilt's services, if its generation reads that. A waiting call blocks the
 * health check (one of 12 s blocked it for 10.5 s), and the load balancer closes a connection that is silent for its
 * idle timeout: stay below both.
 */
export function serviceTimeout(contract: ServiceContract, albIdleTimeout: number): number {
  const { interval, unhealthyThreshold } = contract.targetGroup;
  return Math.min(albIdleTimeout, (unhealthyThreshold - 1) * interval) - 5;
}
