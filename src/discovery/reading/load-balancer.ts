import { LONGEST_BLOCK } from '../../model/routing';
import { type Rule, servesHost } from '../listener-rules';
import {
  applicationBalancers,
  type DescribedAttributes,
  type DescribedBalancer,
  idleTimeoutOf,
} from '../load-balancer';
import type { Reader } from '../reader';
import type { Listener, Parts } from '../snapshot';
import { readWebAcl } from './web-acl';

interface DescribedListener {
  readonly ListenerArn: string;
  readonly LoadBalancerArn: string;
  readonly Protocol: string;
  readonly Port: number;
}

/** Data of the load balancer that are known before it is read. */
export interface WhichBalancer {
  readonly listenerArn?: string;
  readonly loadBalancerArn?: string;
  /** Host of the catalog: its load balancer has a rule for it. */
  readonly host?: string;
}

type BalancerParts = Pick<
  Parts,
  'loadBalancers' | 'listenerArn' | 'listeners' | 'idleTimeout' | 'limits' | 'listenerCertificates' | 'webAcl'
>;

/** Most load balancers that are searched for the catalog's host, if the stack does not name one: of more, none. */
const MOST_SEARCHED = 10;
const HTTPS = 443;

/** The load balancer that serves the catalog, its listeners and their rules. */
export async function readLoadBalancer(reader: Reader, which: WhichBalancer): Promise<BalancerParts> {
  const described = await reader.read<{ LoadBalancers: readonly DescribedBalancer[] }>('loadBalancers');
  const loadBalancers = described && applicationBalancers(described.LoadBalancers);
  const known = which.loadBalancerArn ?? balancerArnOf(which.listenerArn);
  const all = (loadBalancers ?? []).map(({ arn }) => arn);
  const candidates = known !== undefined ? [known] : all.length > MOST_SEARCHED ? [] : all;
  const served = await Promise.all(candidates.map((arn) => listenersOf(reader, arn)));
  const places = served.flatMap((listeners) => {
    const listener = listeners && listenerFor(listeners, which, known !== undefined);
    return listener ? [{ listener, listeners }] : [];
  });
  const [place] = places;
  if (!place || places.length > 1) {
    // Only of one that was asked for by its ARN is it known that it is not there.
    const isGone = which.listenerArn !== undefined && served.every((listeners) => listeners !== undefined);
    return { loadBalancers, ...(isGone && { listenerArn: null, listeners: [] }) };
  }
  const arn = place.listener.loadBalancerArn;
  const [idleTimeout, listenerCertificates, webAcl] = await Promise.all([
    readIdleTimeout(reader, arn),
    readCertificates(reader, place.listener.arn),
    readWebAcl(reader, arn),
  ]);
  const rules = place.listeners.flatMap((one) => one.rules).length;
  const limits = await readLimits(reader, { rules, certificates: listenerCertificates?.length ?? 0 });
  return {
    loadBalancers,
    listenerArn: place.listener.arn,
    listeners: place.listeners,
    idleTimeout,
    limits,
    listenerCertificates,
    webAcl,
  };
}

/** The listener that clients reach: the one that is named, or the one on port 443; of an unknown load balancer, only one with a rule for the host. */
function listenerFor(
  listeners: readonly Listener[],
  { listenerArn, host }: WhichBalancer,
  isKnown: boolean,
): Listener | undefined {
  if (listenerArn !== undefined) return listeners.find(({ arn }) => arn === listenerArn);
  const https = listeners.find(({ protocol, port }) => protocol === 'HTTPS' && port === HTTPS);
  return https && (isKnown || (host !== undefined && servesHost(https.rules, host))) ? https : undefined;
}

/** ARN of the load balancer of a listener: the listener's has it as its beginning. */
export function balancerArnOf(listenerArn: string | undefined): string | undefined {
  const [, before, balancer] =
    /^(arn:[^:]+:elasticloadbalancing:[^:]+:[^:]+:)listener\/(app\/[^/]+\/[^/]+)\/[^/]+$/.exec(listenerArn ?? '') ?? [
      undefined,
    ];
  return before === undefined ? undefined : `${before}loadbalancer/${balancer}`;
}

async function listenersOf(reader: Reader, LoadBalancerArn: string): Promise<readonly Listener[] | undefined> {
  const found = await reader.find<{ Listeners: readonly DescribedListener[] }>('listeners', { LoadBalancerArn });
  if (!found) return found === null ? [] : undefined;
  const read = await Promise.all(
    found.Listeners.map(async ({ ListenerArn, Protocol, Port }) => {
      const rules = await reader.read<{ Rules: readonly Rule[] }>('rules', { ListenerArn });
      return (
        rules && {
          arn: ListenerArn,
          loadBalancerArn: LoadBalancerArn,
          protocol: Protocol,
          port: Port,
          rules: rules.Rules,
        }
      );
    }),
  );
  return read.some((listener) => listener === undefined)
    ? undefined
    : read.filter((listener) => listener !== undefined);
}

async function readIdleTimeout(reader: Reader, LoadBalancerArn: string): Promise<number | undefined> {
  const read = await reader.read<{ Attributes: DescribedAttributes }>('idleTimeout', { LoadBalancerArn });
  return read && idleTimeoutOf(read.Attributes);
}

/** Quotas that every account has; they can only be raised. Source: User Guide for Application Load Balancers, "Quotas". */
const USUAL_LIMITS = { rules: 100, certificates: 25 };
/** Room that a deployment takes at most. */
const TAKEN = { rules: LONGEST_BLOCK, certificates: 1 };

/**
 * Quotas of the account. They are asked for only if the usual ones might not do: a call less for each check.
 * Source of the names: Elastic Load Balancing API Reference, DescribeAccountLimits.
 */
async function readLimits(reader: Reader, there: typeof USUAL_LIMITS): Promise<Parts['limits']> {
  const fits = (of: keyof typeof there) => there[of] + TAKEN[of] <= USUAL_LIMITS[of];
  if (fits('rules') && fits('certificates')) return USUAL_LIMITS;
  const read = await reader.read<{ Limits: readonly { readonly Name: string; readonly Max?: string }[] }>('limits');
  const limit = (name: string) => {
    const max = read?.Limits.find(({ Name }) => Name === name)?.Max;
    return max === undefined ? undefined : Number(max);
  };
  return (
    read && {
      rules: limit('rules-per-application-load-balancer'),
      certificates: limit('certificates-per-application-load-balancer'),
    }
  );
}

async function readCertificates(reader: Reader, ListenerArn: string): Promise<Parts['listenerCertificates']> {
  const read = await reader.read<{
    Certificates: readonly { readonly CertificateArn: string; readonly IsDefault?: boolean }[];
  }>('listenerCertificates', { ListenerArn });
  const sorted = read && [...read.Certificates].sort((a, b) => Number(b.IsDefault ?? 0) - Number(a.IsDefault ?? 0));
  // The default one is listed twice by some regions, once as default.
  return sorted && [...new Set(sorted.map(({ CertificateArn }) => CertificateArn))];
}
