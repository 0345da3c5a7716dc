import type { EnvironmentAnswers } from '../config/environment';
import { MOST_OTHER_PORTS } from '../config/environment/network';
import { isObject } from '../config/paths';
import type { Problem } from '../config/problem';
import type { Deployment } from './deployment';

/** Port that every task may reach: Quilt, ECR, CloudWatch Logs and the services of AWS. */
export const HTTPS = 443;

/** Variables by which the server's clients are told a proxy. Python reads them in any case. */
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];
const NO_PROXY = 'NO_PROXY';

/**
 * Hosts that no proxy reaches: the task itself, whose probe asks `127.0.0.1` and would otherwise ask the proxy, and ECS's
 * endpoint for credentials and metadata. Tried with botocore 1.44, requests 2.34, httpx 0.28 and urllib of Python 3.11:
 * only botocore asks for credentials without the proxy by itself.
 */
export const NEVER_PROXIED = ['127.0.0.1', 'localhost', '169.254.170.2'];

/** TCP ports of URLs that name none. Source: IANA, Service Name and Transport Protocol Port Number Registry. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'amqp:': 5672,
  'amqps:': 5671,
  'http:': 80,
  'https:': HTTPS,
  'ldap:': 389,
  'ldaps:': 636,
  'mongodb:': 27017,
  'mysql:': 3306,
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
  'ws:': 80,
  'wss:': HTTPS,
};

/** The answers of an environment that tell which hosts its tasks connect to, valid or not. */
type EgressAnswers = {
  readonly [K in 'catalogUrl' | 'registryUrl' | 'network' | 'environment' | 'secrets']?: unknown;
};

/** One place of the answers that needs a TCP port. */
interface Need {
  readonly path: string;
  readonly port: number;
}

/** Whether any environment's tasks reach another port than 443: templates have no rule for that otherwise. */
export function usesOtherPorts({ environments }: Pick<Deployment, 'environments'>): boolean {
  return environments.some(({ service }) => service.securityGroup.otherEgressPorts.length > 0);
}

/** TCP ports beside 443 that the answers need, ascending. */
export function otherEgressPorts(environment: EgressAnswers): number[] {
  return [...new Set(needs(environment).map(({ port }) => port))]
    .filter((port) => port !== HTTPS)
    .sort((a, b) => a - b);
}

function needs(environment: EgressAnswers): Need[] {
  const { catalogUrl, registryUrl, network } = environment;
  const urls = [
    ['catalogUrl', catalogUrl],
    ['registryUrl', registryUrl],
    ...Object.entries(record(environment.environment)).map(([name, value]) => [`environment.${name}`, value]),
  ] as [string, unknown][];
  const { egressPorts } = record(network);
  return [
    ...urls.flatMap(([path, url]) => portsOf(url).map((port) => ({ path, port }))),
    ...(Array.isArray(egressPorts) ? egressPorts : []).flatMap((port, index): Need[] =>
      typeof port === 'number' ? [{ path: `network.egressPorts.${index}`, port }] : [],
    ),
  ];
}

/** A host, which has a dot, and a port: as good as a URL. */
const HOST_AND_PORT = /^((?:[a-z0-9-]+\.)+[a-z0-9-]+):(\d+)$/i;

/**
 * The ports that a URL, or each of several with commas between them, leads to, or a host with a port; none within the task, or if it is not
 * known.
 */
function portsOf(value: unknown): number[] {
  const [, host, port] = HOST_AND_PORT.exec(String(value)) ?? [];
  if (host !== undefined) return isLocal(host) ? [] : [Number(port)];
  return urlsIn(value).flatMap((url) => {
    const port = url.port === '' ? DEFAULT_PORTS[url.protocol] : Number(url.port);
    return port === undefined || isLocal(url.hostname) ? [] : [port];
  });
}

function urlsIn(value: unknown): URL[] {
  return textsOfUrls(value)
    .filter((text) => URL.canParse(text))
    .map((text) => new URL(text));
}

/** Parts of a text that look like URLs; commas are between them. */
function textsOfUrls(value: unknown): string[] {
  const texts = typeof value === 'string' ? value.split(/,(?=[a-z][a-z0-9+.-]*:\/\/)/i) : [];
  return texts.filter((text) => /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text));
}

/** Whether nothing parses it as a URL because of its port. */
function hasPortTooHigh(text: string): boolean {
  const [, before, port] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*):(\d+)(?=$|[/?#])/i.exec(text) ?? [];
  return Number(port) > 65_535 && URL.canParse(before!);
}

/** Security groups do not filter these: the task itself, and link-local addresses such as that of its credentials. */
function isLocal(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\]|169\.254(\.\d+){2}|0\.0\.0\.0)$/.test(hostname);
}

/** The name of a proxy's variable in capitals; undefined for any other variable. */
function proxyOf(name: string): string | undefined {
  return PROXIES.find((proxy) => name.toUpperCase() === proxy);
}

/** Whether a variable, in capitals or not, names the hosts that are reached without a proxy. */
export function isNoProxy(name: string): boolean {
  return name.toUpperCase() === NO_PROXY;
}

/** NO_PROXY for the server: the owner's hosts, and those that no proxy reaches. Empty without a proxy. */
export function withoutProxy({
  environment,
  secrets,
}: Pick<EnvironmentAnswers, 'environment' | 'secrets'>): Record<string, string> {
  const given = record(environment) as Record<string, string>;
  const hasProxy =
    Object.entries(given).some(([name, value]) => proxyOf(name) && value !== '') ||
    Object.keys(record(secrets)).some(proxyOf);
  if (!hasProxy) {
    return {};
  }
  const own = Object.keys(given).filter(isNoProxy);
  return Object.fromEntries(
    (own.length > 0 ? own : [NO_PROXY]).map((name) => {
      const hosts = (given[name] ?? '')
        .split(',')
        .map((host) => host.trim())
        .filter(Boolean);
      const all = hosts.includes('*') ? hosts : [...new Set([...hosts, ...NEVER_PROXIED])];
      return [name, all.join(',')];
    }),
  );
}

/**
 * Checks the egress of an environment: ports that its security group could not open, and proxies that the server's
 * clients reject.
 */
export function egressProblems(path: string, environment: EgressAnswers): Problem[] {
  return [...portProblems(environment), ...proxyProblems(environment), ...tooManyPorts(environment)].map((problem) => ({
    ...problem,
    path: `${path}.${problem.path}`,
  }));
}

function portProblems({ environment }: EgressAnswers): Problem[] {
  const message = 'must have a port from 1 to 65535';
  const without = Object.entries(record(environment)).filter(
    ([name, value]) =>
      !proxyOf(name) &&
      (portsOf(value).some((port) => port < 1 || port > 65_535) || textsOfUrls(value).some(hasPortTooHigh)),
  );
  return without.map(([name]) => ({ path: `environment.${name}`, message }));
}

function proxyProblems({ environment, secrets, network }: EgressAnswers): Problem[] {
  const own = Object.entries(record(environment)).flatMap(([name, value]): Problem[] => {
    const message = proxyOf(name) && typeof value === 'string' ? proxyProblem(value) : undefined;
    // A password must not be shown.
    return message ? [{ path: `environment.${name}`, message }] : [];
  });
  const hidden = Object.keys(record(secrets)).filter(proxyOf);
  const noProxy = Object.keys(record(secrets)).filter(isNoProxy);
  return [
    ...own,
    ...(hidden.length > 0 && record(network).egressPorts === undefined
      ? [
          {
            path: 'network.egressPorts',
            message: `is missing: the port of the proxy is in a secret (secrets.${hidden[0]}); list the TCP port, or give [] if it is 443`,
          },
        ]
      : []),
    ...noProxy.map((name) => ({
      path: `secrets.${name}`,
      message: 'holds no secret, and the generator adds hosts to it; give it under environment',
    })),
  ];
}

const PROXY_FORM = 'must be http:// or https://, host and port, e.g. http://proxy.example.com:3128';

/** Reason why the server's clients reject this value as a proxy; undefined if they accept it. */
function proxyProblem(value: string): string | undefined {
  if (value === '') {
    return undefined;
  }
  if (/^socks/i.test(value)) {
    return `${PROXY_FORM}; the server's image has no client for SOCKS`;
  }
  const [url, another] = /^https?:\/\//.test(value) ? urlsIn(value) : [];
  if (!url || another || url.port === '0') {
    return PROXY_FORM;
  }
  if (url.password !== '') {
    return 'must hold no password, which everybody could read in this repository; put the whole URL into a secret and name it under secrets';
  }
  if (isLocal(url.hostname)) {
    return 'must not be an address within the task, where no proxy runs';
  }
  return url.pathname === '/' && url.search === '' && url.hash === ''
    ? undefined
    : `${PROXY_FORM}, without a path; a script that chooses a proxy (PAC) is not supported`;
}

function tooManyPorts(environment: EgressAnswers): Problem[] {
  const ports = otherEgressPorts(environment);
  const [last] = needs(environment)
    .filter(({ port }) => port !== HTTPS)
    .slice(-1);
  return ports.length > MOST_OTHER_PORTS
    ? [
        {
          path: last!.path,
          message: `makes ${ports.length} TCP ports beside 443 that tasks may reach (${ports.join(', ')}); at most ${MOST_OTHER_PORTS} are possible`,
        },
      ]
    : [];
}

/** The value as an object, empty if it is none. */
function record(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}
