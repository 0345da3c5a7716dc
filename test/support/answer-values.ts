import type { EnvironmentAnswers } from '../../src/config/environment';
import { exampleEnvironment } from '../../src/config/example';
import type { Answers } from '../../src/config/repository';
import { LATEST } from '../../src/conventions';
import type { Target } from '../../src/resources/types';
import { NEWEST_VERSION, NEXT_VERSION } from './newest';

/** Two values of an answer; undefined leaves it out. */
export interface AnswerValues {
  readonly values: readonly [unknown, unknown];
  /** What else must be given with either, by path as `pathOf` takes it; `conventions` are those of the example. */
  readonly with?: Readonly<Record<string, unknown>>;
  /** Where they are given, if the answer makes sense with others alone. */
  readonly place?: string;
  /** Absent, every target. */
  readonly targets?: readonly Target[];
  /** Why no file below `deploy` is another with the other value. */
  readonly elsewhere?: string;
  /** Why no second value can be used. */
  readonly refused?: string;
}

/** Every key that any of a union has. */
type Keys<T> = T extends T ? keyof T : never;
type At<T, K extends PropertyKey> = T extends T ? (K extends keyof T ? T[K] : never) : never;

/** Values of each answer below one: of it as a whole, if it is no object with known keys. */
type Values<T> = [T] extends [readonly unknown[] | string | number | boolean | null | undefined]
  ? AnswerValues
  : [T] extends [object]
    ? string extends Keys<T>
      ? AnswerValues
      : { readonly [K in Keys<T>]-?: Values<NonNullable<At<T, K>>> }
    : AnswerValues;

const ACCOUNT = '111122223333';
const ZONE = 'Z0123456789ABCDEFGHIJ';
const CERTIFICATE = `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/01234567-89ab-cdef-0123-456789abcdef`;
const DOMAIN = {
  'dev.network.albDnsName': 'a.elb.amazonaws.com',
  'dev.network.albHostedZoneId': 'Z1',
  'dev.routing': { mode: 'domain', host: 'mcp.example.com', priority: 200, hostedZoneId: ZONE },
};
const SHARED = { 'dev.registry': { scope: 'shared', account: '444455556666', region: 'us-east-1' } };
const STACKS = ['cloudformation', 'cdk'] as const;
const CANARY = { 'dev.deployment': { strategy: 'canary' }, 'dev.cors': { foreignOrigins: 'forward' } };
const ROLES = {
  repository: { name: 'example/deploy', ownerId: 1, repositoryId: 2 },
  oidcProviders: { [ACCOUNT]: { create: true } },
};
const boundary = (name: string) => `arn:aws:iam::${ACCOUNT}:policy/${name}`;
const key = (digit: number) => `arn:aws:kms:us-east-1:${ACCOUNT}:key/${digit}1234567-89ab-cdef-0123-456789abcdef`;
const secret = (name: string) => `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/${name}`;
const example = (given: Record<string, string>) => exampleEnvironment('dev', 1, LATEST, given);
const BY_WORKFLOWS = 'the image is built, and the pull requests are made, beside what is deployed';

/** Of an environment, which is `dev` of the example, alone. */
export const ENVIRONMENT_VALUES: Values<EnvironmentAnswers> = {
  // With ARNs that are there, too: no other may be given.
  account: { values: [example({}), example({ account: '999900001111' })], place: 'environments.dev' },
  region: { values: [example({}), example({ region: 'us-west-2' })], place: 'environments.dev' },
  catalogUrl: { values: ['https://quilt-dev.example.com', 'https://other.example.com'] },
  registryUrl: { values: ['https://registry.example.com', 'https://other.example.com'] },
  routing: {
    mode: {
      values: [{ mode: 'path', host: 'mcp.example.com', priority: 200 }, DOMAIN['dev.routing']],
      place: 'dev.routing',
      with: DOMAIN,
    },
    host: { values: ['a.example.com', 'b.example.com'] },
    priority: { values: [5, 6] },
    answerOauthProbes: { values: [true, false] },
    stickiness: { values: [true, false], with: { conventions: 'g1b', 'dev.capacity.desired': 1 } },
    hostedZoneId: { values: [ZONE, 'Z9'], with: DOMAIN },
    certificateArn: { values: [undefined, CERTIFICATE], with: DOMAIN },
  },
  network: {
    vpcId: { values: ['vpc-0123456789abcdef0', 'vpc-0123456789abcdef1'] },
    privateSubnetIds: {
      values: [
        ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
        ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef2'],
      ],
    },
    listenerArn: {
      values: ['a', 'b'].map(
        (id) => `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}:listener/app/quilt/${id}/${id}`,
      ) as [string, string],
    },
    albSecurityGroupIds: {
      values: [['sg-0123456789abcdef0'], ['sg-0123456789abcdef1']],
      with: { 'dev.network.albEgress': 'present' },
    },
    albEgress: {
      values: ['present', { create: 'sg-0123456789abcdef0' }],
      with: { 'dev.network.albSecurityGroupIds': ['sg-0123456789abcdef0'] },
    },
    albDnsName: { values: ['a.elb.amazonaws.com', 'b.elb.amazonaws.com'], with: DOMAIN },
    albHostedZoneId: { values: ['Z1', 'Z2'], with: DOMAIN },
    albIpAddressType: { values: ['ipv4', 'dualstack'], with: DOMAIN },
    nameSuffix: { values: ['a', 'b'] },
    albIdleTimeout: { values: [60, 1000] },
    clusterArn: {
      values: ['a', 'b'].map((name) => `arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/${name}`) as [string, string],
      with: { 'dev.network.clusterName': undefined },
    },
    clusterName: { values: ['a', 'b'], with: { 'dev.network.clusterArn': undefined } },
    egressPorts: { values: [[8080], [8081]] },
  },
  registry: {
    scope: { values: [{ scope: 'environment' }, SHARED['dev.registry']], place: 'dev.registry' },
    account: { values: ['444455556666', '555566667777'], with: SHARED },
    region: { values: ['us-east-1', 'us-west-2'], with: SHARED },
  },
  auth: {
    mode: {
      values: ['enhanced-jwt', 'bearer'],
      with: { conventions: 'g1b' },
      refused: 'each generation has one, and nothing is deployed with another',
    },
    secretArn: { values: [secret('a'), secret('b')], with: { conventions: 'g1b' } },
  },
  cors: {
    allowedOrigins: { values: [['https://a.example.com'], ['https://b.example.com']] },
    foreignOrigins: { values: ['refuse', 'forward'] },
  },
  capacity: {
    cpu: { values: [512, 1024], with: { 'dev.capacity.memory': 2048 } },
    memory: { values: [1024, 2048] },
    desired: { values: [1, 2] },
  },
  deployment: {
    strategy: { values: ['canary', 'linear'], with: CANARY, targets: STACKS },
    alarms: { values: [['a'], ['b']], with: { 'dev.deployment': { strategy: 'rolling' } } },
    bakeMinutes: { values: [5, 6], with: CANARY, targets: STACKS },
    percent: { values: [10, 20], with: CANARY, targets: STACKS },
    stepMinutes: { values: [5, 6], with: CANARY, targets: STACKS },
  },
  secrets: { values: [{ A: secret('a') }, { A: secret('b') }] },
  logs: { retention: { values: [30, 60] }, kmsKeyArn: { values: [key(0), key(1)] } },
  retainData: { values: [true, false] },
  permissionsBoundaryArn: { values: [boundary('a'), boundary('b')] },
  deliveryBoundaryArn: { values: [boundary('a'), boundary('b')], with: ROLES },
  environment: { values: [{ A: 'a' }, { A: 'b' }] },
  notSecrets: {
    values: [[], ['TOKEN_LIFETIME']],
    elsewhere: 'it only lets a value of environment pass',
  },
  tags: { values: [{ Team: 'a' }, { Team: 'b' }] },
  delivery: {
    runner: { values: ['a', 'b'] },
    verify: { values: ['aws', 'request'] },
    verifySignature: { values: [true, false], with: ROLES },
  },
};

/** Of a repository. Its environments are above. */
export const REPOSITORY_VALUES: Values<Omit<Answers, 'environments'>> = {
  $schema: { values: ['a', 'b'], elsewhere: 'editors alone read it' },
  name: { values: ['a', 'b'] },
  target: { values: ['cloudformation', 'cdk'], targets: ['cloudformation'] },
  conventions: { values: ['g3c', 'g2c'] },
  image: {
    registry: { values: ['a.example.com', 'b.example.com'], elsewhere: BY_WORKFLOWS },
    repository: { values: ['a', 'b'], elsewhere: BY_WORKFLOWS },
    version: { values: [NEWEST_VERSION, NEXT_VERSION], elsewhere: BY_WORKFLOWS },
    mode: { values: ['shim', 'mirror'] },
    digest: { values: [null, `sha256:${'1'.repeat(64)}`], elsewhere: BY_WORKFLOWS },
    commit: { values: ['1'.repeat(40), '2'.repeat(40)], with: { 'image.mode': 'build' }, elsewhere: BY_WORKFLOWS },
  },
  repository: {
    name: { values: ['example/a', 'example/b'], with: ROLES },
    ownerId: { values: [1, 2], with: ROLES },
    repositoryId: { values: [1, 2], with: ROLES },
    subject: { values: ['immutable', 'classic'], with: ROLES },
    app: {
      idVariable: {
        values: ['A', 'B'],
        with: { 'repository.app': { idVariable: 'A', keySecret: 'A' } },
        elsewhere: BY_WORKFLOWS,
      },
      keySecret: {
        values: ['A', 'B'],
        with: { 'repository.app': { idVariable: 'A', keySecret: 'A' } },
        elsewhere: BY_WORKFLOWS,
      },
    },
  },
  state: {
    bucket: { values: ['bucket-a', 'bucket-b'], targets: ['terraform'] },
    region: { values: ['us-east-1', 'us-west-2'], targets: ['terraform'] },
    keyPrefix: { values: ['a', 'b'], targets: ['terraform'] },
    kmsKeyArn: { values: [key(0), key(1)], targets: ['terraform'] },
  },
  oidcProviders: {
    values: [
      { [ACCOUNT]: { create: true } },
      { [ACCOUNT]: { arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` } },
    ],
    with: { repository: ROLES.repository },
  },
  tags: {
    values: [
      { Owner: 'a', CostCenter: 'c' },
      { Owner: 'b', CostCenter: 'c' },
    ],
  },
  delivery: {
    runner: { values: ['a', 'b'] },
    verify: { values: ['aws', 'request'] },
    verifySignature: { values: [true, false], with: ROLES },
  },
  ejected: { values: [[], ['README.md']], elsewhere: 'it says which of the files are written' },
};
