import { looksSecret, namesSecret } from '../../config/secrets';
import { chunksOf } from '../../model/chunks';
import type { Reader } from '../reader';
import type { Cluster, Parts, Running, SeenStack, Service } from '../snapshot';

interface DescribedService {
  readonly serviceName: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly status: string;
  readonly taskDefinition: string;
  readonly loadBalancers?: readonly LoadBalancerOfService[];
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
}

interface LoadBalancerOfService {
  readonly targetGroupArn?: string;
  readonly advancedConfiguration?: { readonly alternateTargetGroupArn?: string };
}

interface Container {
  readonly image: string;
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly secrets?: readonly { readonly name: string }[];
}

/** Services that ECS describes in a call. Source: Amazon ECS API Reference, DescribeServices. */
const AT_ONCE = 10;
/** Tag by which this generator's services name their generation. */
const CONVENTION = 'Convention';

/** The cluster of a name, and one service in it; it may lack either. */
export async function readClusterWithService(
  reader: Reader,
  name: string,
  service: string,
): Promise<Pick<Parts, 'cluster' | 'services'>> {
  const { cluster } = await readCluster(reader, name);
  // In a cluster that is not there, no name is taken.
  if (!cluster) return { cluster, ...(cluster === null && { services: [] }) };
  return { cluster, services: await describeServices(reader, cluster, [service]) };
}

/** The cluster of a name; null if it is not there. */
async function readCluster(reader: Reader, name: string): Promise<Pick<Parts, 'cluster'>> {
  const described = await reader.read<{
    clusters: readonly {
      clusterArn: string;
      clusterName: string;
      status: string;
      capacityProviders?: readonly string[];
    }[];
  }>('cluster', { clusters: [name] });
  if (!described) return {};
  // ECS remembers deleted ones for a while.
  const found = described.clusters.find(({ status }) => status === 'ACTIVE');
  return {
    cluster: found
      ? { arn: found.clusterArn, name: found.clusterName, capacityProviders: found.capacityProviders ?? [] }
      : null,
  };
}

/** The cluster, its services beside the stack's own, and those that run an MCP server; without a name, the clusters that there are. */
export async function readClusterWithServices(
  reader: Reader,
  name: string | undefined,
  stack: SeenStack | null | undefined,
): Promise<Pick<Parts, 'cluster' | 'clusters' | 'services' | 'running'>> {
  if (name === undefined) {
    const listed = await reader.read<{ clusterArns: readonly string[] }>('clusters');
    return listed ? { clusters: listed.clusterArns.map(nameOf) } : {};
  }
  const { cluster } = await readCluster(reader, name);
  if (!cluster) return { cluster };
  const services = await readServices(reader, cluster, stack);
  return { cluster, services, running: services && (await readRunning(reader, services)) };
}

async function readServices(
  reader: Reader,
  { arn }: Cluster,
  stack: SeenStack | null | undefined,
): Promise<readonly Service[] | undefined> {
  const listed = await reader.read<{ serviceArns: readonly string[] }>('serviceNames', { cluster: arn });
  if (!listed) return undefined;
  const own = new Set(Object.values(stack?.resources ?? {}).map(({ id }) => nameOf(id)));
  const others = listed.serviceArns.filter((service) => !own.has(nameOf(service)));
  return describeServices(reader, { arn }, others);
}

async function describeServices(
  reader: Reader,
  { arn }: Pick<Cluster, 'arn'>,
  names: readonly string[],
): Promise<readonly Service[] | undefined> {
  const described = await Promise.all(
    chunksOf(names, AT_ONCE).map((services) =>
      reader.read<{ services: readonly DescribedService[] }>('services', { cluster: arn, services, include: ['TAGS'] }),
    ),
  );
  if (described.includes(undefined)) return undefined;
  return described
    .flatMap((page) => page?.services ?? [])
    .filter(({ status }) => status === 'ACTIVE')
    .map((service) => {
      const convention = service.tags?.find(({ key }) => key === CONVENTION)?.value;
      return {
        name: service.serviceName,
        desired: service.desiredCount,
        running: service.runningCount,
        taskDefinition: service.taskDefinition,
        targetGroupArns: (service.loadBalancers ?? [])
          .flatMap(({ targetGroupArn, advancedConfiguration }) => [
            targetGroupArn,
            advancedConfiguration?.alternateTargetGroupArn,
          ])
          .filter((arn) => arn !== undefined),
        ...(convention !== undefined && { convention }),
      };
    });
}

/** The MCP servers among services; undefined if one of them was not seen. */
async function readRunning(reader: Reader, services: readonly Service[]): Promise<readonly Running[] | undefined> {
  const read = await Promise.all(
    services.map(async ({ name, taskDefinition }): Promise<Running[] | undefined> => {
      const described = await reader.read<{
        taskDefinition: { taskRoleArn?: string; containerDefinitions?: readonly Container[] };
      }>('taskDefinition', { taskDefinition });
      if (!described) return undefined;
      const { taskRoleArn, containerDefinitions = [] } = described.taskDefinition;
      const server = containerDefinitions.find(isServer);
      if (!server) return [];
      const { environment = [], secrets = [] } = server;
      const taskRolePolicies = taskRoleArn === undefined ? [] : await policiesOf(reader, nameOf(taskRoleArn));
      return [
        {
          service: name,
          image: server.image,
          variables: environment.map((variable) => variable.name).sort(),
          secrets: secrets.map((variable) => variable.name).sort(),
          plaintextSecrets: environment
            .filter((variable) => namesSecret(variable.name) || looksSecret(variable.value) !== undefined)
            .map((variable) => variable.name)
            .sort(),
          ...(taskRoleArn !== undefined && { taskRoleArn }),
          ...(taskRolePolicies && { taskRolePolicies }),
        },
      ];
    }),
  );
  return read.includes(undefined) ? undefined : read.flatMap((running) => running ?? []);
}

/** Whether a container is a Quilt MCP server: by its image's name, or by variables that only FastMCP reads. */
function isServer({ image, environment = [] }: Container): boolean {
  const repository = image.split('@')[0]!.replace(/:[^:/]*$/, '');
  return (
    /mcp/i.test(repository.split('/').slice(1).join('/') || repository) ||
    environment.some(({ name }) => name.startsWith('FASTMCP_'))
  );
}

async function policiesOf(reader: Reader, RoleName: string): Promise<string[] | undefined> {
  const [attached, inline] = await Promise.all([
    reader.read<{ AttachedPolicies: readonly { PolicyName: string }[] }>('attachedPolicies', { RoleName }),
    reader.read<{ PolicyNames: readonly string[] }>('inlinePolicies', { RoleName }),
  ]);
  return (
    attached &&
    inline &&
    [...attached.AttachedPolicies.map(({ PolicyName }) => PolicyName), ...inline.PolicyNames].sort()
  );
}

/** The name at the end of an ARN, or of what is a name already. */
function nameOf(arn: string): string {
  return arn.split('/').at(-1)!;
}
