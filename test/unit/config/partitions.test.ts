import { describe, expect, it } from 'vitest';
import { generateFiles } from '../../../generators';
import { partitionOf } from '../../../src/config/partitions';
import { type Answers, TARGETS } from '../../../src/config/repository';
import { readEcrHost } from '../../../src/model/image';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { exampleWith, type Loose, problemsOf } from '../../support/answers';
import { templates } from '../../support/workflow-files';

/** Regions of each partition. Source: botocore 1.44.8, data/partitions.json. */
const REGIONS: Readonly<Record<string, string>> = {
  aws: 'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2',
  'aws-cn': 'cn-north-1 cn-northwest-1',
  'aws-us-gov': 'us-gov-east-1 us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
  'aws-iso': 'us-iso-east-1 us-iso-west-1',
  'aws-iso-b': 'us-isob-east-1 us-isob-west-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-east-1 us-isof-south-1',
};
const CASES = Object.entries(REGIONS).flatMap(([id, regions]) =>
  regions.split(' ').map((region) => [region, id] as const),
);

/** The example in another region. */
function exampleIn(region: string, partition: string): Loose {
  const text = JSON.stringify(exampleWith({}));
  return JSON.parse(text.replaceAll('us-east-1', region).replaceAll('arn:aws:', `arn:${partition}:`));
}

it.each(CASES)('the region %s is taken, and its partition %s found', (region, id) => {
  const answers = exampleIn(region, id);
  // The registry that upstream's image is pulled from stays where it is.
  answers.image.registry = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
  expect(problemsOf(answers)).toEqual([]);
  expect(partitionOf(region).id).toBe(id);
  const [dev] = resolveDeployment(readConfig(answers, 'x')).environments;
  const { uri, arn } = dev!.registry!.repository;
  expect(arn).toBe(`arn:${id}:ecr:${region}:111122223333:repository/quilt-mcp-server-dev`);
  expect(readEcrHost(uri.split('/')[0]!)).toEqual({ account: '111122223333', region });
});

it.each([
  'us-east',
  'us-est-1',
  'eu-westeast-1',
  'us-east-1a',
  'US-EAST-1',
  'useast1',
  'aws-global',
  'us-isog-east-1',
  'xx-isoe-west-1',
  'eusc-east-1',
  '',
])('%j is refused for a region', (region) => {
  const problems = problemsOf(exampleWith({ 'dev.region': region }));
  expect(problems).toContainEqual(expect.objectContaining({ message: 'must be an AWS region, e.g. us-east-1' }));
});

it('an answer of another partition than its environment is refused', () => {
  const answers = exampleIn('us-iso-east-1', 'aws');
  const problems = problemsOf(answers);
  expect(problems.map(({ path }) => path)).toContain('environments.dev.network.listenerArn');
  expect(problems.find(({ path }) => path === 'environments.dev.network.listenerArn')!.message).toContain(
    'partition, aws-iso',
  );
});

it('roles of GitHub are refused if no network reaches it, with the reason', () => {
  const answers = exampleIn('us-iso-east-1', 'aws-iso');
  Object.assign(answers, { oidcProviders: { '111122223333': { create: true } } });
  Object.assign(answers.repository, { ownerId: 1, repositoryId: 2 });
  expect(problemsOf(answers)[0]).toMatchObject({
    path: 'oidcProviders.111122223333',
    message: expect.stringContaining('reaches no GitHub'),
  });
});

/**
 * Audience, and whether the claim repository_id is looked at. Sources: README of aws-actions/configure-aws-credentials,
 * "Audience"; AWS, What's New, January 2026, which is about the commercial regions.
 */
const TRUSTS: readonly [region: string, partition: string, audience: string, repositoryId: string | undefined][] = [
  ['us-east-1', 'aws', 'sts.amazonaws.com', '2'],
  ['us-gov-west-1', 'aws-us-gov', 'sts.amazonaws.com', undefined],
  ['cn-north-1', 'aws-cn', 'sts.amazonaws.com.cn', undefined],
  ['eusc-de-east-1', 'aws-eusc', 'sts.amazonaws.com', undefined],
];

describe.each(TRUSTS)('roles of GitHub in %s', (region, partition, audience, repositoryId) => {
  const answers = exampleIn(region, partition);
  answers.image.registry = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
  Object.assign(answers, { oidcProviders: { '111122223333': { create: true } } });
  Object.assign(answers.repository, { ownerId: 1, repositoryId: 2 });
  const deploymentFor = (target: Answers['target']) => {
    const { state, ...others } = answers;
    return resolveDeployment(readConfig({ ...others, ...(target === 'terraform' && { state }), target }, 'x'));
  };

  it('roles of GitHub trust a token for the audience of the partition, and look at the claims that STS knows there', () => {
    const [publish] = deploymentFor('terraform').environments[0]!.registry!.delivery!.roles;
    const subject = 'repo:example@1/quilt-mcp-deploy@2:environment:dev-publish';
    expect(publish!.trust).toEqual({ audience, subject, ...(repositoryId !== undefined && { repositoryId }) });
  });

  it.each(TARGETS)('the workflows of %s ask for a token for this audience', (target) => {
    const deployment = deploymentFor(target);
    const files = new Map(generateFiles(deployment, templates).map(({ path, content }) => [path, content]));
    const isDefault = audience === 'sts.amazonaws.com';
    const asks = [...files].filter(([path]) => path.startsWith('.github/workflows/'));
    const steps = asks.flatMap(([, content]) => content.match(/role-to-assume:.*\n.*aws-region:.*\n.*/g) ?? []);
    expect(steps.length).toBeGreaterThan(5);
    expect(new Set(steps.map((step) => step.includes('audience: ${{ steps.context.outputs.audience }}')))).toEqual(
      new Set([!isDefault]),
    );
    const { environments } = JSON.parse(files.get('deploy/environments.json')!) as { environments: Loose[] };
    expect(environments[0]!.audience).toBe(isDefault ? undefined : audience);
  });

  it('the documents say which claim is left out and why, and for whom tokens are', () => {
    const files = generateFiles(deploymentFor('cloudformation'), templates);
    const guide = files.find(({ path }) => path === 'docs/deployment.md')!.content;
    expect(guide.includes('STS knows the claim `repository_id` in')).toBe(repositoryId === undefined);
    expect(guide.includes(`audience \`${audience}\``)).toBe(audience !== 'sts.amazonaws.com');
  });
});
