import { expect, it } from 'vitest';

import { exampleWith, type Loose, problemsOf } from '../../../support/answers';

const many = (count: number, entry: (index: number) => [string, unknown]) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => entry(index)));
const LOAD_BALANCER = { 'dev.network.albDnsName': 'a.example.com', 'dev.network.albHostedZoneId': 'Z1' };
const domain = (host: string, more: object) => ({
  ...LOAD_BALANCER,
  'dev.routing': { mode: 'domain', host, priority: 1, ...more },
});
const CERTIFICATE = { certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/x' };
/** A host of so many characters. */
const host = (length: number) => `${'a'.repeat(60)}.${'b'.repeat(length - 73)}.example.com`;
const secret = (index: number): [string, string] => [
  `SECRET_${index}`,
  `arn:aws:ssm:us-east-1:111122223333:parameter/quilt/${'x'.repeat(40)}/${index}`,
];

const ROLES = {
  repository: { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 },
  oidcProviders: { '111122223333': { create: true } },
};
/** The answer that is named, the longest shift that the workflow `deploy` waits for, and one that is longer. */
const SHIFTS_OF_WORKFLOWS: readonly (readonly [string, string, object, object])[] = [
  [
    'blue-green',
    'bakeMinutes',
    { strategy: 'blue-green', bakeMinutes: 165 },
    { strategy: 'blue-green', bakeMinutes: 166 },
  ],
  [
    'canary',
    'stepMinutes',
    { strategy: 'canary', stepMinutes: 160, bakeMinutes: 5 },
    { strategy: 'canary', stepMinutes: 160, bakeMinutes: 6 },
  ],
  [
    'linear',
    'stepMinutes',
    { strategy: 'linear', percent: 34, stepMinutes: 60, bakeMinutes: 45 },
    { strategy: 'linear', percent: 34, stepMinutes: 60, bakeMinutes: 46 },
  ],
];

type Target = 'terraform' | 'cloudformation' | 'cdk';
interface Limit {
  readonly what: string;
  readonly targets: readonly Target[];
  /** The most that is taken, and one more. */
  readonly most: Loose;
  readonly more: Loose;
  readonly place: string;
  readonly says: RegExp;
}
const ALL: readonly Target[] = ['terraform', 'cloudformation', 'cdk'];

const LIMITS: readonly Limit[] = [
  {
    what: 'the name of a variable',
    targets: ALL,
    most: { 'dev.environment': { ['A'.repeat(240)]: 'x' } },
    more: { 'dev.environment': { ['A'.repeat(241)]: 'x' } },
    place: `environments.dev.environment.${'A'.repeat(241)}`,
    says: /at most 240/,
  },
  {
    what: 'the value of a variable in a parameter of CloudFormation, in bytes',
    targets: ['cloudformation'],
    most: { 'dev.environment.A': 'é'.repeat(2048) },
    more: { 'dev.environment.A': 'é'.repeat(2049) },
    place: 'environments.dev.environment.A',
    says: /has 4,098 bytes, and a parameter of CloudFormation takes 4,096/,
  },
  {
    what: 'a task definition',
    targets: ['terraform'],
    most: { 'dev.environment': many(10, (index) => [`A_${index}`, 'x'.repeat(5_900)]) },
    more: { 'dev.environment': many(10, (index) => [`A_${index}`, 'x'.repeat(5_950)]) },
    place: 'environments.dev.environment',
    says: /a task definition, which ECS takes up to 64 KiB of/,
  },
  {
    what: 'the template of the CDK',
    targets: ['cdk'],
    most: { 'dev.environment.A': 'x'.repeat(19_000) },
    more: { 'dev.environment.A': 'x'.repeat(19_200) },
    place: 'environments.dev.environment',
    says: /the template of the CDK, which CloudFormation takes up to 51,200 bytes of/,
  },
  {
    what: 'the policy by which secrets are read',
    targets: ['terraform', 'cdk'],
    most: { 'dev.secrets': many(80, secret) },
    more: { 'dev.secrets': many(100, secret) },
    place: 'environments.dev.secrets',
    says: /the policy of the execution role has room for 8,740; keep several values in one secret/,
  },
  {
    what: 'the parameter that lists secrets',
    targets: ['cloudformation'],
    most: { 'dev.secrets': many(40, secret) },
    more: { 'dev.secrets': many(44, secret) },
    place: 'environments.dev.secrets',
    says: /a parameter of CloudFormation takes 4,096/,
  },
  {
    what: 'the parameter that lists alarms',
    targets: ['cloudformation'],
    most: {
      'dev.deployment': {
        strategy: 'rolling',
        alarms: Array.from({ length: 16 }, (_, index) => `${'a'.repeat(250)}${index}`),
      },
    },
    more: {
      'dev.deployment': {
        strategy: 'rolling',
        alarms: Array.from({ length: 17 }, (_, index) => `${'a'.repeat(250)}${index}`),
      },
    },
    place: 'environments.dev.deployment.alarms',
    says: /a parameter of CloudFormation takes 4,096/,
  },
  {
    what: 'the minutes of a shift',
    targets: ['cloudformation', 'cdk'],
    most: { 'dev.deployment': { strategy: 'canary', stepMinutes: 1440, bakeMinutes: 540 } },
    more: { 'dev.deployment': { strategy: 'canary', stepMinutes: 1440, bakeMinutes: 541 } },
    place: 'environments.dev.deployment.stepMinutes',
    says: /with bakeMinutes a deployment takes 1981 minutes; CloudFormation takes none longer than 1980 \(33 hours\)/,
  },
  ...SHIFTS_OF_WORKFLOWS.map(
    ([what, key, most, more]): Limit => ({
      what: `the minutes of a shift of a workflow, ${what}`,
      targets: ['cloudformation', 'cdk'],
      most: { ...ROLES, 'dev.deployment': most },
      more: { ...ROLES, 'dev.deployment': more },
      place: `environments.dev.deployment.${key}`,
      says: /a deployment takes 166 minutes; the workflow deploy has room for 165: a job of GitHub ends after 360, and one that fails at its end takes as long again to go back\. Take shorter times, or leave oidcProviders out and deploy by hand$/,
    }),
  ),
  {
    what: 'the tags of a resource',
    targets: ALL,
    most: { 'dev.tags': many(42, (index) => [`Tag${index}`, 'x']) },
    more: { 'dev.tags': many(43, (index) => [`Tag${index}`, 'x']) },
    place: 'environments.dev.tags',
    says: /comes to 46 tags .* a resource takes 50, of which the generator sets 5; take 45 at most/,
  },
  {
    what: 'the tags of all environments',
    targets: ALL,
    most: { tags: { Owner: 'x', CostCenter: 'x', ...many(42, (index) => [`Tag${index}`, 'x']) } },
    more: { tags: { Owner: 'x', CostCenter: 'x', ...many(43, (index) => [`Tag${index}`, 'x']) } },
    place: 'tags',
    says: /comes to 46 tags with Project, and a resource takes 50, of which the generator sets 5; take 45 at most/,
  },
  {
    what: 'the key of a tag',
    targets: ALL,
    most: { 'dev.tags': { ['a'.repeat(128)]: 'x' } },
    more: { 'dev.tags': { ['a'.repeat(129)]: 'x' } },
    place: `environments.dev.tags.${'a'.repeat(129)}`,
    says: /1 to 128/,
  },
  {
    what: 'the value of a tag',
    targets: ALL,
    most: { 'tags.Owner': 'é'.repeat(256) },
    more: { 'tags.Owner': 'é'.repeat(257) },
    place: 'tags.Owner',
    says: /at most 256/,
  },
  {
    what: 'a name that ACM issues a certificate for',
    targets: ALL,
    most: domain(`${'a'.repeat(52)}.example.com`, { hostedZoneId: 'Z1' }),
    more: domain(`${'a'.repeat(53)}.example.com`, { hostedZoneId: 'Z1' }),
    place: 'environments.dev.routing.host',
    says: /has 65 characters, and ACM issues a certificate for 64 at most/,
  },
  {
    what: 'a name that a listener rule matches',
    targets: ALL,
    most: { ...domain(host(128), CERTIFICATE), 'dev.cors.foreignOrigins': 'forward' },
    more: { ...domain(host(129), CERTIFICATE), 'dev.cors.foreignOrigins': 'forward' },
    place: 'environments.dev.routing.host',
    says: /at most 128 characters/,
  },
  {
    what: 'the origin that a listener rule matches beside others',
    targets: ALL,
    most: domain(host(120), CERTIFICATE),
    more: domain(host(121), CERTIFICATE),
    place: 'environments.dev.routing.host',
    says: /makes an origin of 129 characters/,
  },
  {
    what: 'the keys of a state',
    targets: ['terraform'],
    most: { 'state.keyPrefix': 'a'.repeat(900) },
    more: { 'state.keyPrefix': 'a'.repeat(901) },
    place: 'state.keyPrefix',
    says: /at most 900/,
  },
];

const CASES = LIMITS.flatMap((limit) => limit.targets.map((target) => [limit.what, target, limit] as const));

it.each(CASES)('the most of %s is taken with %s, and no more', (_, target, { most, more, place, says }) => {
  expect(problemsOf(exampleWith(most, target))).toEqual([]);
  const problems = problemsOf(exampleWith(more, target));
  expect(problems.map(({ path }) => path)).toContain(place);
  expect(problems.find(({ path }) => path === place)!.message).toMatch(says);
});

it('a value that CloudFormation takes for a variable that is not set is refused', () => {
  const answers = (target: Target) => exampleWith({ 'dev.environment.A': '(not set)' }, target);
  expect(problemsOf(answers('cloudformation'))).toMatchObject([
    { message: expect.stringContaining('must not be (not set)') },
  ]);
  expect(problemsOf(answers('terraform'))).toEqual([]);
});
