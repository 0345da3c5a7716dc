import { describe, expect, it } from 'vitest';

import { withExample } from '../../../src/cli/answers';
import type { PlainObject } from '../../../src/config/paths';
import { CATALOGUE, isDeployable } from '../../../src/conventions';
import { problemsOf } from '../../support/answers';

/** Answers of an environment, given alone with `--yes`. */
const GIVEN: readonly [what: string, dev: PlainObject][] = [
  ['nothing', {}],
  ['an account', { account: '222233334444' }],
  ['a region', { region: 'eu-west-1' }],
  ['a region of GovCloud, and an account', { region: 'us-gov-west-1', account: '222233334444' }],
  ['a region of China', { region: 'cn-north-1' }],
  [
    'a listener of another account and region',
    {
      network: {
        listenerArn:
          'arn:aws:elasticloadbalancing:eu-central-1:222233334444:listener/app/quilt/0123456789abcdef/0123456789abcdef',
      },
    },
  ],
  ...[256, 512, 1024, 2048, 4096, 8192, 16384].map((cpu): [string, PlainObject] => [
    `${cpu} CPU units`,
    { capacity: { cpu } },
  ]),
  ...[512, 1024, 2048, 5120, 122880].map((memory): [string, PlainObject] => [
    `${memory} MiB`,
    { capacity: { memory } },
  ]),
  ['domain routing', { routing: { mode: 'domain' } }],
  ['domain routing with a host', { routing: { mode: 'domain', host: 'mcp.example.org' } }],
  ['a shared registry', { registry: { scope: 'shared' } }],
  ['a cluster by its ARN', { network: { clusterArn: 'arn:aws:ecs:us-east-1:111122223333:cluster/mine' } }],
  ['another catalog', { catalogUrl: 'https://quilt.example.org' }],
];

describe('the example fits what is given', () => {
  it.each(GIVEN)('the example fits what is given: %s', (_what, dev) => {
    const answers = withExample({ environments: { dev } });
    expect(problemsOf(answers)).toEqual([]);
    expect(answers).toMatchObject({ environments: { dev } });
  });

  it.each(CATALOGUE.filter(isDeployable))(
    'the example fits each authentication that conventions $id know',
    ({ id, auth }) => {
      for (const mode of Object.keys(auth.modes)) {
        const answers = withExample({ conventions: id, environments: { dev: { auth: { mode } } } });
        expect(problemsOf(answers)).toEqual([]);
      }
    },
  );

  it('the example is at the host of the catalog that is given', () => {
    const answers = withExample({ environments: { dev: { catalogUrl: 'https://quilt.example.org' } } });
    expect(answers).toMatchObject({
      environments: {
        dev: { registryUrl: 'https://quilt-registry.example.org', routing: { host: 'quilt.example.org' } },
      },
    });
  });
});
