import { exampleAnswers, exampleEnvironment } from '../../src/config/example';
import type { Answers, EnvironmentAnswers } from '../../src/config/schema';
import { CATALOGUE, isDeployable } from '../../src/conventions';

/** Answers that are compared across targets, but for the target. */
export interface Case {
  readonly name: string;
  readonly answers: Answers;
}

const ACCOUNT = '111122223333';
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/01234567-89ab-cdef-0123-456789abcdef`;

/** One environment each; together they have every answer that changes a resource. */
const ENVIRONMENTS: Readonly<Record<string, Partial<EnvironmentAnswers>>> = {
  plain: {},
  issued: {
    routing: { mode: 'domain', host: 'mcp.example.com', priority: 200, hostedZoneId: 'Z0123456789ABCDEFGHIJ' },
    network: { ...domainNetwork('issued'), albSecurityGroupIds: ['sg-0123456789abcdef0', 'sg-0123456789abcdef1'] },
    cors: { allowedOrigins: ['https://a.example.com', 'https://b.example.com', 'http://localhost:3000'] },
    secrets: {
      API_KEY: `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:quilt/mcp-AbCdEf:key::`,
      API_KEY_ID: `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:quilt/mcp-AbCdEf:id::`,
      PARAMETER: `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/quilt/mcp`,
    },
    logs: { retention: 365, kmsKeyArn: KEY },
    permissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/boundary`,
    capacity: { cpu: 2048, memory: 5120, desired: 5 },
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

/** The cases of the newest conventions, and the example of each other generation that deploys. */
export function matrix(accountId: string): Case[] {
  const newest = exampleAnswers();
  const environments = Object.entries(ENVIRONMENTS).map(([name, change]) => [
    name,
    { ...exampleEnvironment(name, 2), retainData: false, ...change },
  ]);
  const cases: Case[] = [
    { name: 'the newest conventions', answers: { ...newest, environments: Object.fromEntries(environments) } },
    ...CATALOGUE.filter(isDeployable).map((conventions): Case => {
      const answers = exampleAnswers(conventions);
      const dev = answers.environments.dev!;
      const sticky = conventions.sessions.stateful
        ? { routing: { ...dev.routing, stickiness: true }, capacity: { desired: 3 } }
        : {};
      return {
        name: `conventions ${conventions.id}`,
        answers: { ...answers, environments: { dev: { ...dev, ...sticky } } },
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
  };
}
