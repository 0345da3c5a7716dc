import { describe, expect, it } from 'vitest';

import { analysisOf } from '../../../src/analysis/analysis';
import { lookups } from '../../../src/cli/lookups';
import { exampleAnswers } from '../../../src/config/example';
import { CatalogError } from '../../../src/discovery/catalog';
import type { Snapshot } from '../../../src/discovery/snapshot';
import { BY_CREDENTIALS, BY_HAND } from '../../../src/interview/question';
import { SECTIONS } from '../../../src/interview/questions';
import { contextOf } from '../../../src/interview/turns';
import type { Deployment } from '../../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { NoAccess } from '../../../src/operations/aws-reading';
import { healthyAccount, oldServer, withOldRule } from '../../support/healthy-account';

const URL_ = 'https://quilt.example.com';
const CATALOG = {
  source: `${URL_}/config.json`,
  url: URL_,
  host: 'quilt.example.com',
  region: 'us-east-1',
  registryUrl: 'https://quilt-registry.example.com',
  stackVersion: '1.66.0',
};
const CONTEXT = contextOf({ environments: { dev: { catalogUrl: URL_, region: 'us-east-1' } } }, {}, 'dev');

function looking(account: Snapshot | Error, catalog: typeof CATALOG | Error = CATALOG, isAsked = true) {
  const said: string[] = [];
  const read: unknown[] = [];
  const readers = {
    readCatalog: async () => {
      if (catalog instanceof Error) throw catalog;
      return catalog;
    },
    readAccount: async (start: unknown, options: unknown) => {
      read.push([start, options]);
      if (account instanceof Error) throw account;
      return account;
    },
  };
  const console = { env: { HOME: '/nowhere' }, stderr: process.stderr };
  const { lookUp, warningsOf } = lookups(
    console,
    undefined,
    (line) => void said.push(line),
    new AbortController().signal,
    isAsked,
    readers,
  );
  return { said, read, lookUp, warningsOf };
}

describe('a lookup', () => {
  it('a lookup of a catalog says what it is, and gives region and registry with their source', async () => {
    const { said, lookUp } = looking(healthyAccount());
    expect(await lookUp('catalog', 'dev', CONTEXT, '')).toEqual({
      suggestions: [
        { path: 'environments.dev.region', value: 'us-east-1', evidence: CATALOG.source },
        { path: 'environments.dev.registryUrl', value: CATALOG.registryUrl, evidence: CATALOG.source },
      ],
    });
    expect(said).toEqual(['platform 1.66.0 · registry https://quilt-registry.example.com · us-east-1']);
  });

  it('a lookup of an account gives its answers by their paths, priorities that are taken, and one line', async () => {
    const { said, read, lookUp } = looking(healthyAccount());
    await lookUp('catalog', 'dev', CONTEXT, '');
    const { suggestions, takenPriorities } = await lookUp('account', 'dev', CONTEXT, 'arn:aws:iam::1:role/reader');
    expect(read).toEqual([
      [
        { region: 'us-east-1', catalog: CATALOG },
        { 'role-arn': 'arn:aws:iam::1:role/reader', verbose: false },
      ],
    ]);
    const byPath = Object.fromEntries(suggestions.map(({ path, value }) => [path, value]));
    expect(byPath).toMatchObject({
      name: 'quilt',
      'environments.dev.account': '111122223333',
      'environments.dev.network.clusterName': 'quilt',
    });
    expect(Object.values(takenPriorities!)).toEqual([[25, 30]]);
    expect(said.slice(1)).toEqual([
      expect.stringMatching(/^✓ 27 calls, nothing written · stack quilt · account 111122223333 · \d+ answers found$/),
    ]);
  });

  it('each answer that a lookup gives is one that the interview takes', async () => {
    const { lookUp } = looking(healthyAccount());
    const { suggestions } = await lookUp('account', 'dev', CONTEXT, 'work');
    const questions = SECTIONS.flatMap((section) => section.questions.map(({ path }) => path));
    const taken = (path: string) => path.replace(/^environments\.dev\./, 'environments.*.').replace(/\.\d{12}$/, '');
    expect(suggestions.map(({ path }) => taken(path)).filter((path) => !questions.includes(path))).toEqual([]);
    expect(suggestions.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['oidcProviders.111122223333', 'environments.dev.network.albIpAddressType']),
    );
  });

  it('a lookup says what would go wrong, and how many calls got no answer', async () => {
    const account = healthyAccount((parts) => ({
      ...parts,
      oidcProviders: [],
      certificates: [],
      listenerCertificates: [],
    }));
    const { said, lookUp } = looking({
      ...account,
      unseen: [{ call: 'zones', reason: 'denied', detail: 'no', needs: 'route53:ListHostedZones' } as never],
    });
    await lookUp('account', 'dev', CONTEXT, BY_CREDENTIALS);
    expect(said).toContain('! 1 calls got no answer: analyze says which permission each needs');
    expect(said.join('\n')).toMatch(/^! .*certificate/m);
  });

  it("a lookup says that Quilt's own server is there, and that another server runs: a deployment stands behind its rule first", async () => {
    const account = healthyAccount((parts) => ({
      ...parts,
      stack: {
        ...parts.stack!,
        outputs: { ...parts.stack!.outputs, PlatformMcpServerUrl: 'https://connect.example.com/mcp' },
      },
      ...oldServer('x/mcp:0.9.2'),
      listeners: withOldRule(parts.listeners, '11'),
    }));
    const { said, lookUp } = looking(account);
    const { suggestions } = await lookUp('account', 'dev', CONTEXT, BY_CREDENTIALS);
    expect(suggestions).toContainEqual(
      expect.objectContaining({ path: 'environments.dev.routing.priority', value: 12 }),
    );
    const lines = said.filter((line) => line.startsWith('!'));
    expect(lines).toEqual([
      expect.stringContaining('does not check its callers'),
      expect.stringContaining('the Quilt stack has an MCP server of its own'),
      expect.stringContaining('the service old-mcp runs an MCP server'),
    ]);
  });

  it('a lookup says that an account has no identity provider of GitHub, and leaves to a person whether it is made', async () => {
    const path = 'oidcProviders.111122223333';
    const without = looking(healthyAccount((parts) => ({ ...parts, oidcProviders: [] })));
    const { suggestions } = await without.lookUp('account', 'dev', CONTEXT, 'work');
    const [offered, ...others] = suggestions.filter((one) => one.path === path);
    expect(offered).toMatchObject({ candidates: [{ value: { create: true } }] });
    expect([offered!.value, others]).toEqual([undefined, []]);
    expect(without.said.at(-1)).toBe(
      '! account 111122223333 has no identity provider for GitHub. Set oidcProviders.111122223333 to {"create": true}: the registry layer makes it.',
    );
    const having = looking(healthyAccount());
    const found = await having.lookUp('account', 'dev', CONTEXT, 'work');
    expect(found.suggestions.filter((one) => one.path === path)).toEqual([
      expect.objectContaining({ value: { arn: expect.anything() } }),
    ]);
    expect(having.said.join()).not.toContain('identity provider');
  });

  it('a lookup takes no answer from an account that has nothing of the stack', async () => {
    const { said, lookUp } = looking(healthyAccount(({ identity }) => ({ identity, stack: null, loadBalancers: [] })));
    expect(await lookUp('account', 'dev', CONTEXT, 'work')).toEqual({ suggestions: [] });
    expect(said).toEqual([
      '! nothing of this Quilt stack was seen in account 111122223333, so no answer is taken from it',
    ]);
  });

  it.each([
    ['catalog', new CatalogError('It cannot be reached.')],
    ['account', new NoAccess('The session has expired.')],
  ] as const)(
    'a lookup of the %s that fails is one message, and the interview goes on by hand',
    async (kind, error) => {
      const { said, lookUp } = looking(error, error as never);
      expect(await lookUp(kind, 'dev', CONTEXT, 'work')).toEqual({ suggestions: [] });
      expect(said).toEqual([expect.stringMatching(/^! .*\. (Its|What) .* asked for instead\.$/)]);
    },
  );

  it.each([
    [{}, 'Its region and registry URL are asked for instead.'],
    [{ region: 'us-east-1' }, 'Its registry URL is asked for instead.'],
    [{ registryUrl: 'https://quilt-registry.example.com' }, 'Its region is asked for instead.'],
  ])('a lookup of a catalog that fails says what is asked for instead, if %j is given', async (given, asked) => {
    const environments = { dev: { catalogUrl: URL_, ...given } };
    const { said, lookUp } = looking(healthyAccount(), new CatalogError('It cannot be reached.') as never);
    await lookUp('catalog', 'dev', contextOf({ environments }, { environments }, 'dev'), '');
    expect(said).toEqual([`! It cannot be reached. ${asked}`]);
  });

  it('a lookup of an account that fails where nobody can answer is an error', async () => {
    const { lookUp } = looking(new NoAccess('The session has expired.'), CATALOG, false);
    await expect(lookUp('account', 'dev', CONTEXT, 'work')).rejects.toThrow('The session has expired.');
  });

  it('a lookup by hand asks nobody', async () => {
    const { read, lookUp } = looking(healthyAccount());
    expect(await lookUp('account', 'dev', CONTEXT, BY_HAND)).toEqual({ suggestions: [] });
    expect(read).toEqual([]);
  });

  it('a lookup whose code fails hides nothing', async () => {
    const { lookUp } = looking(new TypeError('a defect'));
    await expect(lookUp('account', 'dev', CONTEXT, 'work')).rejects.toThrow('a defect');
  });
});

describe('the warnings by a reading', () => {
  const { dev } = exampleAnswers().environments;

  /** The deployment that the healthy account proposes, with other answers in its environment. */
  function planned(network: object = {}, more: object = {}): Deployment {
    const { answers } = analysisOf({ ...healthyAccount(), catalog: CATALOG });
    const environment = { ...dev, ...answers, ...more, network: { ...(answers.network as object), ...network } };
    const all = { ...exampleAnswers(), name: 'quilt', environments: { dev: environment } };
    return resolveDeployment(readConfig(all as never, 'test'));
  }

  /** An account in which an old server has the rule of a priority. */
  const withOldServer = (Priority: string) =>
    healthyAccount((parts) => ({
      ...parts,
      ...oldServer('x/mcp:0.9.2'),
      listeners: withOldRule(parts.listeners, Priority),
    }));

  async function warnings(deployment: Deployment, account = healthyAccount(), by = 'work') {
    const { lookUp, warningsOf, read } = looking(account);
    await lookUp('account', 'dev', CONTEXT, 'work');
    if (by !== 'work') await lookUp('account', 'dev', CONTEXT, by);
    const calls = read.length;
    const all = warningsOf(deployment);
    expect(read).toHaveLength(calls);
    return all;
  }

  it('there are no warnings by a reading that has all that the answers name', async () => {
    expect(await warnings(planned())).toEqual([]);
  });

  const OUTSIDE = { privateSubnetIds: ['subnet-0c0c0c0c', 'subnet-0d0d0d0d'] };

  it('the warnings by a reading say what an answer does, and how to mend it', async () => {
    const [first = '', ...more] = await warnings(planned(OUTSIDE));
    expect(more).toEqual([expect.stringMatching(/^dev: .*subnet-0d0d0d0d/)]);
    expect(first).toMatch(/^dev: .*subnet-0c0c0c0c/);
    expect(first).toContain('Tasks cannot pull their image');
    expect(first).toContain('Set environments.dev.network.privateSubnetIds to subnets with a way out: ');
    expect(await warnings(planned({ privateSubnetIds: ['subnet-0a0a0a0a', 'subnet-0c0c0c0c'] }))).toContainEqual(
      expect.stringContaining('two zones'),
    );
  });

  it.each([
    ['nobody read the account', () => looking(healthyAccount()).warningsOf(planned(OUTSIDE))],
    ['somebody reads it by hand after all', () => warnings(planned(OUTSIDE), healthyAccount(), BY_HAND)],
    [
      'the reading is of another account',
      () =>
        warnings(
          planned(OUTSIDE),
          healthyAccount((parts) => ({ ...parts, identity: { ...parts.identity!, account: '222233334444' } })),
        ),
    ],
    [
      'the reading is of another region',
      () => warnings(planned(OUTSIDE), { ...healthyAccount(), region: 'eu-west-1' }),
    ],
  ])('there are no warnings by a reading if %s', async (_, said) => {
    expect(await said()).toEqual([]);
  });

  it('the warnings by a reading name what it did not look at, and judge nothing by it', async () => {
    expect(await warnings(planned({ ...OUTSIDE, clusterName: 'other' }))).toEqual([
      'dev: the reading of the account did not see the cluster other. To look: npm run check:dev',
    ]);
  });

  it('there are no warnings by a reading about a server whose rules stay before those of the deployment', async () => {
    const routing = { mode: 'path', host: CATALOG.host, priority: 12 };
    expect(await warnings(planned({}, { routing }), withOldServer('5'))).toEqual([]);
    expect(await warnings(planned({}, { routing: { ...routing, priority: 30 } }), withOldServer('5'))).not.toEqual([]);
  });

  it('the warnings by a reading say to move the rules of a server first, where there is no room behind them', async () => {
    const routing = { mode: 'path', host: CATALOG.host, priority: 10 };
    const [first = ''] = await warnings(planned({}, { routing }), withOldServer('20'));
    expect(first).toContain('First move the rules of old-mcp');
  });
});
