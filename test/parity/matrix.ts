import type { EnvironmentAnswers } from '../../src/config/environment';
import { exampleAnswers, exampleEnvironment } from '../../src/config/example';
import type { Answers } from '../../src/config/repository';
import { CATALOGUE, isDeployable } from '../../src/conventions';
import { otherAnswers } from '../support/other-answers';

/** Answers that are compared across targets, but for the target. */
export interface Case {
  readonly name: string;
  readonly answers: Answers;
  readonly essential: boolean;
}

const ACCOUNT = '111122223333';
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/01234567-89ab-cdef-0123-456789abcdef`;

/**
 * One environment each: answers together, long lists and odd values. Another value of each answer comes of the table of
 * answers, see {@link otherAnswers}.
 */
const ENVIRONMENTS: Readonly<Record<string, Partial<EnvironmentAnswers>>> = {
  plain: { routing: { ...exampleEnvironment('plain', 1).routing, priority: 12 } },
  issued: {
    routing: { mode: 'domain', host: 'mcp.example.com', priority: 200, hostedZoneId: 'Z0123456789ABCDEFGHIJ' },
    network: {
      ...domainNetwork('issued'),
      albSecurityGroupIds: ['sg-0123456789abcdef0', 'sg-0123456789abcdef1'],
      albEgress: { create: 'sg-0123456789abcdef1' },
    },
    cors: { allowedOrigins: ['https://a.example.com', 'https://b.example.com', 'http://localhost:3000'] },
    secrets: {
      API_KEY: `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:quilt/mcp-AbCdEf:key::`,
      API_KEY_ID: `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:quilt/mcp-AbCdEf:id::`,
      PARAMETER: `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/quilt/mcp`,
    },
    logs: { retention: 365, kmsKeyArn: KEY },
    permissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/boundary`,
    deliveryBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/delivery-boundary`,
    deployment: { strategy: 'rolling', alarms: ['quilt-mcp 5xx', 'unhealthy'] },
    retainData: true,
    environment: { QUILT_BROWSING_SESSION_TTL: '60', EMPTY: '', lower_case: 'a, b: "c" ${d} #e' },
    tags: { Team: 'R + D: core@example.com' },
  },
  given: {
    routing: {
      mode: 'domain',
      host: 'given.example.com',
      priority: 300,
      certificateArn: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/01234567-89ab-cdef-0123-456789abcdef`,
    },
    network: domainNetwork('given'),
    cors: { allowedOrigins: Array.from({ length: 15 }, (_, index) => `https://${index}.example.com`) },
  },
  alias: {
    routing: {
      mode: 'domain',
      host: 'alias.example.com',
      priority: 400,
      hostedZoneId: 'Z0123456789ABCDEFGHIJ',
      certificateArn: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/11234567-89ab-cdef-0123-456789abcdef`,
    },
    network: domainNetwork('alias'),
  },
  sharing: { registry: { scope: 'shared', account: '444455556666', region: 'us-east-1' } },
};

/** An environment that reaches its registry and a proxy on other ports. */
const PROXIED: Partial<EnvironmentAnswers> = {
  registryUrl: 'https://quilt-proxied-registry.example.com:8443',
  environment: {
    HTTPS_PROXY: 'http://proxy.example.com:3128',
    HTTP_PROXY: 'http://proxy.example.com',
    NO_PROXY: 'a',
  },
};

function proxiedCase(): Answers {
  const proxied = { ...exampleEnvironment('proxied', 2), retainData: false, ...PROXIED };
  return { ...exampleAnswers(), environments: { proxied } };
}

/** Roles that workflows assume, with every answer that changes them; the provider is made beside the first of them. */
export function deliveringCase(): Answers {
  const answers = exampleAnswers();
  const names = ['plain', 'issued', 'alias'] as const;
  return {
    ...answers,
    repository: { name: 'Example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 },
    oidcProviders: { [ACCOUNT]: { create: true } },
    environments: Object.fromEntries(
      names.map((name) => [name, { ...exampleEnvironment(name, 2), retainData: false, ...ENVIRONMENTS[name] }]),
    ),
  };
}

/** Roles where tokens are for another audience, and have a claim less. */
function chineseCase(): Answers {
  const answers = exampleAnswers();
  const given = { region: 'cn-north-1' };
  return {
    ...answers,
    state: { ...answers.state!, region: 'cn-north-1' },
    repository: { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 },
    oidcProviders: { [ACCOUNT]: { create: true } },
    environments: { dev: exampleEnvironment('dev', 2, undefined, given) },
  };
}

/** Roles beside a shared registry of another account, and beside one of their own. */
function sharedCase(): Answers {
  const answers = deliveringCase();
  const { plain, issued } = answers.environments;
  const shared = { ...plain!, registry: { scope: 'shared', account: '444455556666', region: 'us-west-2' } as const };
  return {
    ...answers,
    oidcProviders: { ...answers.oidcProviders, '444455556666': { create: true } },
    environments: { plain: shared, issued: issued! },
  };
}

/** What moves traffic, and roles that may: for all targets but Terraform. */
export function shiftingCase(): Answers {
  const { state: _state, ...answers } = exampleAnswers();
  const shifting = (name: string, deployment: EnvironmentAnswers['deployment']): EnvironmentAnswers => ({
    ...exampleEnvironment(name, 2),
    deployment,
  });
  return {
    ...answers,
    target: 'cloudformation',
    repository: { name: 'example/quilt-mcp-deploy', repositoryId: 345, subject: 'classic' },
    oidcProviders: {
      [ACCOUNT]: { arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
    },
    environments: {
      blue: shifting('blue', { strategy: 'blue-green', bakeMinutes: 15, alarms: ['unhealthy'] }),
      bird: shifting('bird', { strategy: 'canary', percent: 5, stepMinutes: 30, bakeMinutes: 3 }),
      steps: shifting('steps', { strategy: 'linear', percent: 25, stepMinutes: 2, bakeMinutes: 0 }),
    },
  };
}

/** The same, and another value of each answer that is for these targets alone. */
export function shiftingCases(): Answers[] {
  const moves = ({ environments }: Answers) =>
    Object.values(environments).some(({ deployment }) => deployment && deployment.strategy !== 'rolling');
  return [shiftingCase(), ...otherAnswers('cloudformation').filter(moves)];
}

/** Cases in which every property of every resource is seen: the newest conventions, and one generation with sessions. */
export function essentialCases(accountId: string): Case[] {
  return matrix(accountId).filter(({ essential }) => essential);
}

/** The cases of the other generations that deploy. */
export function otherCases(accountId: string): Case[] {
  return matrix(accountId).filter(({ essential }) => !essential);
}

/** The cases of the newest conventions, and the example of each generation that deploys. */
export function matrix(accountId: string): Case[] {
  const newest = exampleAnswers();
  const stateful = CATALOGUE.filter(isDeployable).find(({ sessions }) => sessions.stateful);
  const environments = Object.entries(ENVIRONMENTS).map(([name, change]) => [
    name,
    { ...exampleEnvironment(name, 2), retainData: false, ...change },
  ]);
  const cases: Case[] = [
    {
      name: 'the newest conventions',
      answers: { ...newest, environments: Object.fromEntries(environments) },
      essential: true,
    },
    ...otherAnswers('terraform').map(
      (answers, index): Case => ({ name: `every answer another, part ${index + 1}`, answers, essential: true }),
    ),
    { name: 'a proxy, and other ports', answers: proxiedCase(), essential: true },
    { name: 'roles that workflows assume', answers: deliveringCase(), essential: true },
    { name: 'roles beside a shared registry', answers: sharedCase(), essential: true },
    { name: 'roles that workflows assume in China', answers: chineseCase(), essential: true },
    ...CATALOGUE.filter(isDeployable).map((conventions): Case => {
      const answers = exampleAnswers(conventions);
      const dev = answers.environments.dev!;
      const sticky = conventions.sessions.stateful
        ? { routing: { ...dev.routing, stickiness: true }, capacity: { desired: 3 } }
        : {};
      return {
        name: `conventions ${conventions.id}`,
        answers: { ...answers, environments: { dev: { ...dev, ...sticky } } },
        essential: conventions === stateful,
      };
    }),
  ];
  return JSON.parse(JSON.stringify(cases).replaceAll(ACCOUNT, accountId));
}

function domainNetwork(name: string): EnvironmentAnswers['network'] {
  return {
    ...exampleEnvironment(name, 1).network,
    albDnsName: 'quilt-0123456789.us-east-1.elb.amazonaws.com',
    albHostedZoneId: 'Z35SXDOTRQ7X7K',
    albIpAddressType: 'dualstack',
  };
}
