import type { Conventions } from '../conventions';
import type { ServiceContract } from './deployment';

/**
 * Condition values that one listener rule may hold.
 * Source: Elastic Load Balancing user guide, "Quotas for your Application Load Balancers".
 */
const VALUES_PER_RULE = 5;

/** What a generation's conventions fix for every service, whatever the answers. */
export function resolveContract(conventions: Conventions): ServiceContract {
  const paths = [conventions.path, `${conventions.path}/*`];
  const probe = `import urllib.request; urllib.request.urlopen('http://127.0.0.1:${conventions.port}${conventions.healthPath}', timeout=4).read()`;
  return {
    container: {
      port: conventions.port,
      user: '10001:10001',
      stopTimeout: conventions.stopTimeout,
      tmpfs: { containerPath: '/tmp', size: 256 },
      environment: Object.fromEntries(
        Object.entries(conventions.fixedEnvironment).map(([name, { value }]) => [name, value]),
      ),
      probe: {
        command: ['CMD-SHELL', `python3 -c "${probe}" || exit 1`],
        interval: 30,
        timeout: 5,
        retries: 3,
        startPeriod: conventions.startPeriod,
      },
    },
    targetGroup: {
      healthCheckPath: conventions.healthPath,
      matcher: '200',
      interval: 30,
      timeout: 6,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
      deregistrationDelay: 30,
    },
    service: { minimumHealthyPercent: 100, maximumPercent: 200, healthCheckGracePeriod: conventions.startPeriod },
    routing: { paths, originsPerRule: VALUES_PER_RULE - paths.length - 1 },
    registry: { expireUntaggedAfterDays: 14 },
    forbiddenVariables: Object.keys(conventions.forbiddenEnvironment),
    requiredVariables: ['QUILT_CATALOG_URL', 'QUILT_REGISTRY_URL'],
  };
}

/**
 * Seconds that the server may wait for the registry. A waiting call blocks the health check (a call of 12 s blocked it
 * for 10.5 s), and the load balancer closes a connection that is silent for its idle timeout: stay below both.
 */
export function serviceTimeout(contract: ServiceContract, albIdleTimeout: number): number {
  const { interval, unhealthyThreshold } = contract.targetGroup;
  return Math.min(albIdleTimeout, (unhealthyThreshold - 1) * interval) - 5;
}
