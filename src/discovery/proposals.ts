import { LATEST } from '../conventions';
import { coversHost } from './findings/listener';
import { ifModelled, servesHost } from './listener-rules';
import { hostOfOutput } from './output-host';
import { proposedPriority } from './priority';
import type { ProposedAnswer } from './proposed-answer';
import { notLetOut, obstaclesOut } from './reachability';
import { balancerOf, type LoadBalancer, type Snapshot } from './snapshot';

/** Answers for an environment, as far as an account has them. None is a guess: what is not sure has candidates, or nothing. */
export function proposalsOf(snapshot: Snapshot): ProposedAnswer[] {
  const balancer = balancerOf(snapshot);
  return [
    ...place(snapshot),
    ...routing(snapshot),
    ...network(snapshot, balancer),
    ...cluster(snapshot),
    ...around(snapshot),
  ];
}

/** The proposed answers of an environment, nested; those with candidates are left out. */
export function proposedAnswers(proposals: readonly ProposedAnswer[]): Readonly<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const { path, value } of proposals) {
    if (value === undefined || path.startsWith('/')) continue;
    const keys = path.split('.');
    let at = answers;
    for (const key of keys.slice(0, -1)) {
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
    at[keys.at(-1)!] = value;
  }
  return answers;
}

function known(path: string, value: unknown, evidence: string): ProposedAnswer[] {
  return value === undefined ? [] : [{ path, value, evidence }];
}

function place({ region, catalog, parts: { identity, stack } }: Snapshot): ProposedAnswer[] {
  const config = catalog?.source;
  const host = hostOfOutput(stack?.outputs.QuiltWebHost);
  const registryHost = hostOfOutput(stack?.outputs.RegistryHost);
  return [
    ...known('account', identity?.account, 'aws sts get-caller-identity'),
    ...known('region', region, config ?? 'the region of the credentials'),
    ...(catalog
      ? [
          ...known('catalogUrl', catalog.url, config!),
          ...known(
            'registryUrl',
            catalog.registryUrl ?? (registryHost && `https://${registryHost}`),
            catalog.registryUrl ? `registryUrl of ${config}` : `output RegistryHost of ${stack?.name}`,
          ),
        ]
      : [
          ...known('catalogUrl', host && `https://${host}`, `output QuiltWebHost of ${stack?.name}`),
          ...known('registryUrl', registryHost && `https://${registryHost}`, `output RegistryHost of ${stack?.name}`),
        ]),
    ...known('/name', stack?.name, `stack ${stack?.name}: aws cloudformation describe-stacks`),
  ];
}

/** The catalog's host: clients reach the server at a path of it. */
function routing(snapshot: Snapshot): ProposedAnswer[] {
  const { catalog, parts } = snapshot;
  const host = catalog?.host ?? hostOfOutput(parts.stack?.outputs.QuiltWebHost);
  const listener = parts.listeners?.find(({ arn }) => arn === parts.listenerArn);
  if (host === undefined || !listener || !servesHost(listener.rules, host)) return [];
  return [
    ...known(
      'routing.mode',
      'path',
      "the catalog's host has a rule on the listener: no name and no certificate is needed",
    ),
    ...known('routing.host', host, catalog ? catalog.source : `output QuiltWebHost of ${parts.stack?.name}`),
    proposedPriority(parts, listener.rules, host),
  ];
}

function network(snapshot: Snapshot, balancer: LoadBalancer | undefined): ProposedAnswer[] {
  const { parts } = snapshot;
  const { stack, idleTimeout, listenerArn } = parts;
  const described = balancer && `load balancer ${balancer.name}: aws elbv2 describe-load-balancers`;
  return [
    ...known('network.vpcId', balancer?.vpcId ?? stack?.parameters.VPC, described ?? `parameter VPC of ${stack?.name}`),
    ...subnets(snapshot),
    ...(listenerArn
      ? known('network.listenerArn', listenerArn, 'HTTPS on port 443: aws elbv2 describe-listeners')
      : []),
    ...(balancer ? groups(snapshot, balancer, described!) : []),
    ...known('network.albDnsName', balancer?.dnsName, described ?? ''),
    ...known('network.albHostedZoneId', balancer?.hostedZoneId, described ?? ''),
    ...known('network.albIpAddressType', ipAddressType(balancer), described ?? ''),
    ...known(
      'network.albIdleTimeout',
      idleTimeout,
      'idle_timeout.timeout_seconds: aws elbv2 describe-load-balancer-attributes',
    ),
  ];
}

function ipAddressType(balancer: LoadBalancer | undefined): string | undefined {
  if (balancer === undefined) return undefined;
  return balancer.ipAddressType === 'ipv4' ? 'ipv4' : 'dualstack';
}

/** Subnets of the tasks: those of the stack's parameter, or one that leads out for each zone. */
function subnets({ parts }: Pick<Snapshot, 'parts'>): ProposedAnswer[] {
  const path = 'network.privateSubnetIds';
  const { stack, routeTables, natGateways, endpoints, loadBalancers } = parts;
  const parameter = stack?.parameters.Subnets?.split(',')
    .map((id) => id.trim())
    .filter(Boolean);
  if (parameter?.length)
    return known(path, parameter, `parameter Subnets of ${stack!.name}: aws cloudformation describe-stacks`);
  if (!parts.subnets || !routeTables || !natGateways || !endpoints) return [];
  const facts = {
    loadBalancers: loadBalancers ?? [],
    listeners: [],
    securityGroups: [{ id: 'any', ingress: [], egress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] }],
    subnets: parts.subnets,
    routeTables,
    natGateways,
    endpoints,
  };
  const place = { listenerArn: '', targetGroupArns: [], port: 0, securityGroupIds: ['any'] };
  const fit = parts.subnets.filter(({ id }) => obstaclesOut(facts, { ...place, subnetIds: [id] }).length === 0);
  const zones = new Set(fit.map(({ zone }) => zone));
  const evidence = 'subnets with a way out: aws ec2 describe-subnets, aws ec2 describe-route-tables';
  if (zones.size >= 2 && zones.size === fit.length) return known(path, fit.map(({ id }) => id).sort(), evidence);
  return [
    {
      path,
      candidates: fit.map(({ id, zone, cidr }) => ({ value: id, why: `${zone}, ${cidr}, with a way out` })),
      evidence: fit.length === 0 ? 'no subnet of the VPC has a way out' : 'choose one for each of two zones',
    },
  ];
}

/** The load balancer's groups, the one that lets it out first; and whether they let it out to the tasks. */
function groups({ parts }: Snapshot, balancer: LoadBalancer, evidence: string): ProposedAnswer[] {
  const own = parts.stack?.resources.ElbPrivateSecurityGroup?.id;
  const ids = [...balancer.securityGroupIds].sort((a, b) => Number(b === own) - Number(a === own));
  const listed = known('network.albSecurityGroupIds', ids, evidence);
  const seen = parts.securityGroups?.filter(({ id }) => ids.includes(id));
  if (!seen || seen.length < ids.length) return listed;
  const path = 'network.albEgress';
  const shown = 'aws ec2 describe-security-groups';
  const subnetIds = subnets({ parts }).flatMap(({ value }) => (value as string[] | undefined) ?? []);
  if (!parts.subnets || subnetIds.length === 0) return listed;
  // The tasks' own group is new, so that no rule names it.
  const tasks = { port: LATEST.endpoint.port, subnetIds, securityGroupIds: [] };
  const isLetOut = ifModelled(
    () => notLetOut({ securityGroups: seen, subnets: parts.subnets ?? [] }, balancer, tasks).length === 0,
  );
  if (isLetOut === undefined) return listed;
  if (isLetOut) {
    return [...listed, ...known(path, 'present', `they let it out to TCP ${tasks.port} of the tasks: ${shown}`)];
  }
  const only = own ?? (ids.length === 1 ? ids[0] : undefined);
  if (only !== undefined) {
    return [
      ...listed,
      ...known(
        path,
        { create: only },
        `none lets it out to TCP ${tasks.port} of the tasks, and ${only} is for its targets: ${shown}`,
      ),
    ];
  }
  return [
    ...listed,
    {
      path,
      candidates: ids.map((id) => ({ value: { create: id }, why: `a rule that this deployment adds to ${id}` })),
      evidence: `none lets it out to TCP ${tasks.port} of the tasks: ${shown}`,
    },
  ];
}

function cluster({ parts }: Snapshot): ProposedAnswer[] {
  const path = 'network.clusterName';
  if (parts.cluster) return known(path, parts.cluster.name, `cluster ${parts.cluster.arn}: aws ecs describe-clusters`);
  if (!parts.clusters) return [];
  return [
    {
      path,
      candidates: parts.clusters.map((name) => ({ value: name, why: 'an ECS cluster of the account' })),
      evidence: 'aws ecs list-clusters',
    },
  ];
}

/** Resources that a deployment may use: GitHub's identity provider, a zone and a certificate for a host of its own, a bucket for the state. */
function around({ region, catalog, parts }: Snapshot): ProposedAnswer[] {
  const { identity, oidcProviders, zones, buckets, certificates, listenerCertificates } = parts;
  const provider = oidcProviders?.find((arn) => arn.endsWith('/token.actions.githubusercontent.com'));
  const host = catalog?.host ?? hostOfOutput(parts.stack?.outputs.QuiltWebHost);
  const parent = host?.slice(host.indexOf('.') + 1);
  const zone = zones?.filter(
    ({ name, isPrivate }) => !isPrivate && parent !== undefined && (parent === name || parent.endsWith(`.${name}`)),
  );
  const states = buckets?.filter((name) => /tf-?state|terraform/i.test(name));
  const wildcard = certificates?.filter(
    ({ arn, names, status }) =>
      status === 'ISSUED' &&
      listenerCertificates?.includes(arn) &&
      names.some((name) => parent !== undefined && coversHost(name, `mcp.${parent}`)),
  );
  return [
    ...(provider && identity
      ? known(`/oidcProviders.${identity.account}`, { arn: provider }, 'aws iam list-open-id-connect-providers')
      : []),
    ...candidates(
      'routing.hostedZoneId',
      zone,
      ({ id, name }) => [id, `zone ${name}, for a host of its own`],
      'aws route53 list-hosted-zones',
    ),
    ...candidates(
      'routing.certificateArn',
      wildcard,
      ({ arn, names }) => [arn, `for ${names.join(', ')}, for a host of its own`],
      'aws acm list-certificates',
    ),
    ...candidates(
      '/state.bucket',
      states,
      (name) => [name, `named like one for Terraform's state; its region may not be ${region}`],
      'aws s3api list-buckets',
    ),
  ];
}

/** Values that are never taken without being asked for: the owner chooses. */
function candidates<T>(
  path: string,
  found: readonly T[] | undefined,
  of: (one: T) => readonly [value: unknown, why: string],
  evidence: string,
): ProposedAnswer[] {
  if (!found?.length) return [];
  return [
    {
      path,
      candidates: found.map((one) => {
        const [value, why] = of(one);
        return { value, why };
      }),
      evidence,
    },
  ];
}
