import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { exampleAnswers, exampleEnvironment } from '../../../src/config/example';
import { isObject, type PlainObject, valueAt } from '../../../src/config/paths';
import { AnswersError } from '../../../src/config/problem';
import { Back } from '../../../src/interview/back';
import { Cancelled } from '../../../src/interview/cancelled';
import { conversation } from '../../../src/interview/conversation';
import {
  answersWithoutQuestions,
  begin,
  type Interview,
  interview,
  type LookUp,
} from '../../../src/interview/interview';
import { missingAnswers } from '../../../src/interview/missing';
import { type InterviewState, progress } from '../../../src/interview/progress';
import type { Prompter, SelectPrompt, TextPrompt } from '../../../src/interview/prompter';
import { type Access, BY_CREDENTIALS, BY_HAND, type Suggestion } from '../../../src/interview/question';
import { readConfig } from '../../../src/model/resolve';
import { runs } from '../../support/level';

const PATH_HOST = 'quilt.example.com';
/** What a person has in mind. */
const WANTED: PlainObject = {
  target: 'cloudformation',
  repository: { name: 'acme/mcp' },
  name: 'acme',
  image: exampleAnswers().image,
  tags: { Owner: 'platform', CostCenter: '1' },
  environments: {
    dev: {
      ...exampleEnvironment('dev', 1),
      catalogUrl: `https://${PATH_HOST}`,
      routing: { mode: 'path', host: PATH_HOST, priority: 10 },
      deployment: { strategy: 'rolling' },
      logs: { retention: 30 },
    },
  },
};
const ACCESS: Access = { profiles: ['work'], hasCredentials: true };

interface Person {
  readonly asked: string[];
  readonly said: string[];
  readonly prompter: Prompter;
}

/** Somebody who answers as `wanted` says; `act` may do otherwise first, by the question and how often it was asked. */
function person(
  wanted: unknown = WANTED,
  act: (name: string, time: number, prompt: TextPrompt | SelectPrompt) => string | undefined = () => undefined,
): Person {
  const asked: string[] = [];
  const said: string[] = [];
  const times = new Map<string, number>();
  const answer = (prompt: TextPrompt | SelectPrompt): string => {
    const name = prompt.name!;
    asked.push(name);
    times.set(name, (times.get(name) ?? 0) + 1);
    const other = act(name, times.get(name)!, prompt);
    if (other !== undefined) return other;
    const value = valueAt(wanted, name.split('.'));
    const text = isObject(value) ? (value.create ?? Object.keys(value)) : value;
    return text === undefined ? (prompt.initial ?? '') : [text].flat().join(', ');
  };
  const prompter: Prompter = {
    keys: '',
    say: (text) => void said.push(text),
    table: (rows) => void said.push(...rows.map((row) => row.join(' = '))),
    section: () => {},
    text: async (prompt) => {
      const text = answer(prompt);
      const problem = prompt.check?.(text);
      if (problem !== undefined) throw new Error(`${prompt.name} refuses '${text}': ${problem}`);
      return text;
    },
    select: async (prompt) => {
      const value = answer(prompt);
      const offered = prompt.choices.filter(({ disabled }) => disabled === undefined);
      if (offered.some((choice) => choice.value === value)) return value;
      expect(offered.map((choice) => choice.value)).toContain('');
      asked.pop();
      times.set(prompt.name!, times.get(prompt.name!)! - 1);
      return '';
    },
  };
  return { asked, said, prompter };
}

function about(prompter: Prompter, more: Partial<Interview> = {}): Interview {
  return { given: {}, source: 'test', prompter, ...more };
}

const answersOf = (state: InterviewState) => progress(state).answers;

describe('a step back', () => {
  it('a step back asks the question before again, with its answer as the default, and then goes on where it was', async () => {
    const initials: (string | undefined)[] = [];
    const { asked, prompter } = person(WANTED, (name, time, { initial }) => {
      if (name === 'environments' && time === 1) throw new Back();
      if (name === 'repository.name') initials.push(initial);
      return name === 'repository.name' && time === 2 ? initial : undefined;
    });
    const state = await interview(about(prompter));
    expect(asked.slice(0, 5)).toEqual(['target', 'repository.name', 'environments', 'repository.name', 'environments']);
    expect(initials).toEqual([undefined, 'acme/mcp']);
    expect(valueAt(answersOf(state), ['repository', 'name'])).toBe('acme/mcp');
  });

  it.each([
    ['repository.name', 'https://github.com/acme/mcp', 'acme/mcp'],
    ['repository.name', 'git@github.com:acme/mcp.git', 'acme/mcp'],
    ['environments.dev.catalogUrl', PATH_HOST, `https://${PATH_HOST}`],
    ['environments.dev.catalogUrl', `https://${PATH_HOST}/b/bucket?x#y`, `https://${PATH_HOST}`],
  ])('an answer is taken as people say it: %s, %j', async (name, typed, answer) => {
    const { prompter } = person(WANTED, (asked) => (asked === name ? typed : undefined));
    expect(valueAt(answersOf(await interview(about(prompter))), name.split('.'))).toBe(answer);
  });

  it('no step goes back from the first question', async () => {
    const canGoBack: unknown[] = [];
    const { prompter } = person(WANTED, (_, __, prompt) => void canGoBack.push(prompt.canGoBack));
    await interview(about(prompter));
    expect(canGoBack.slice(0, 2)).toEqual([false, true]);
  });

  it('any steps back end in the same answers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 }), async (backs) => {
        const left = [...backs];
        const { prompter } = person(WANTED, (_, __, { canGoBack }) => {
          if (canGoBack && left.pop() === 0) throw new Back();
          return undefined;
        });
        const answers = answersOf(await interview(about(prompter)));
        expect(answers).toEqual(answersOf(await interview(about(person().prompter))));
        expect(() => readConfig(answers, 'test')).not.toThrow();
      }),
      { numRuns: runs(10) },
    );
  });

  it('a step back from a typed answer after "another" leads to its choices', async () => {
    const registry = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
    const wanted = { ...WANTED, image: { ...(WANTED.image as object), registry } };
    let typed = 0;
    const { prompter } = person(wanted, (name, _, prompt) => {
      if (name === 'image.registry' && !('choices' in prompt) && typed++ === 0) throw new Back();
      return undefined;
    });
    const answers = answersOf(await interview(about(prompter)));
    expect([valueAt(answers, ['image', 'registry']), typed]).toEqual([registry, 2]);
  });

  it('another answer to the kind of address asks anew for the host, and keeps all others', async () => {
    const domain = { mode: 'domain', host: 'mcp.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ', priority: 200 };
    const dev = { ...(valueAt(WANTED, ['environments', 'dev']) as object), routing: domain };
    const { asked, prompter } = person({ ...WANTED, environments: { dev } }, (name, time) => {
      if (name.endsWith('registry.scope') && time === 1) throw new Back();
      if (name.endsWith('routing.priority') && time === 2) throw new Back();
      if (name.endsWith('routing.host') && time === 2) throw new Back();
      if (name.endsWith('routing.mode') && time === 1) return 'path';
      if (name.endsWith('routing.host') && time === 1) return PATH_HOST;
      if (name.endsWith('routing.priority') && time === 1) return '10';
      if (name.endsWith('albDnsName')) return 'quilt.elb.amazonaws.com';
      if (name.endsWith('albHostedZoneId')) return 'Z35SXDOTRQ7X7K';
      return undefined;
    });
    const answers = answersOf(await interview(about(prompter)));
    expect(valueAt(answers, ['environments', 'dev', 'routing'])).toEqual(domain);
    expect(asked.filter((name) => name.endsWith('catalogUrl'))).toHaveLength(1);
  });
});

describe('a lookup', () => {
  const suggestions: Suggestion[] = [
    { path: 'environments.dev.account', value: '222233334444', evidence: 'sts' },
    { path: 'environments.dev.network.vpcId', value: 'vpc-0aaaaaaaaaaaaaaaa', evidence: 'elbv2' },
    { path: 'environments.dev.routing.mode', value: 'path', evidence: 'rules' },
    { path: 'environments.dev.network.clusterName', candidates: [{ value: 'one', why: 'a cluster' }], evidence: 'ecs' },
    { path: 'environments.dev.network.albIdleTimeout', value: 'long', evidence: 'nonsense' },
  ];
  const lookUp: LookUp = async (kind) =>
    kind === 'catalog'
      ? { suggestions: [{ path: 'environments.dev.region', value: 'us-east-1', evidence: 'config.json' }] }
      : { suggestions, takenPriorities: {} };
  const inAccount = {
    ...WANTED,
    environments: {
      dev: {
        ...(valueAt(WANTED, ['environments', 'dev']) as object),
        account: '222233334444',
        network: {
          ...exampleEnvironment('dev', 1).network,
          listenerArn: exampleEnvironment('dev', 1).network.listenerArn.replace('111122223333', '222233334444'),
        },
      },
    },
  };

  it('a lookup answers facts with their source; a decision, several candidates, and what is no answer are asked', async () => {
    const prompts: Record<string, TextPrompt | SelectPrompt> = {};
    const { asked, prompter } = person(inAccount, (name, _, prompt) => {
      prompts[name] = prompt;
      return name.endsWith('accountLookup') ? BY_CREDENTIALS : undefined;
    });
    const state = await interview(about(prompter, { lookups: { access: ACCESS, lookUp } }));
    const { settled, answers } = progress(state);
    const paths = asked.map((name) => name.replace('environments.dev.', ''));
    for (const found of ['region', 'account', 'network.vpcId']) expect(paths).not.toContain(found);
    for (const open of ['routing.mode', 'network.clusterName', 'network.albIdleTimeout']) expect(paths).toContain(open);
    expect(prompts['environments.dev.routing.mode']).toMatchObject({
      initial: 'path',
      hint: expect.stringContaining('Source: rules.'),
    });
    expect((prompts['environments.dev.network.clusterName'] as TextPrompt).name).toBe(
      'environments.dev.network.clusterName',
    );
    expect(settled.find(({ turn }) => turn.path.at(-1) === 'vpcId')?.source).toMatchObject({ evidence: 'elbv2' });
    expect(valueAt(answers, ['environments', 'dev', 'account'])).toBe('222233334444');
    expect(valueAt(answers, ['environments', 'dev', 'accountLookup'])).toBeUndefined();
  });

  /** Answers of an account that has GitHub's identity provider, and a load balancer with IPv6. */
  const withProvider = (arn: string | undefined, isSeen = false): LookUp => {
    const others: Suggestion[] = [
      { path: 'environments.dev.network.albIpAddressType', value: 'dualstack', evidence: 'elbv2' },
      ...(arn ? [{ path: 'oidcProviders.222233334444', value: { arn }, evidence: 'iam' }] : []),
      ...(isSeen
        ? [
            {
              path: 'oidcProviders.222233334444',
              candidates: [{ value: { create: true }, why: 'it has none' }],
              evidence: 'iam',
            },
          ]
        : []),
    ];
    return async (kind, environment, context, by) => {
      const { suggestions: found } = await lookUp(kind, environment, context, by);
      return { suggestions: kind === 'account' ? [...found, ...others] : found };
    };
  };
  const ARN = 'arn:aws:iam::222233334444:oidc-provider/token.actions.githubusercontent.com';
  const ids = { name: 'acme/mcp', ownerId: 12, repositoryId: 345 };

  /** Answers and questions of somebody who knows the ids of the repository, or does not. */
  async function readingOf(arn: string | undefined, repository: object, given: PlainObject = {}) {
    const { asked, said, prompter } = person({ ...inAccount, repository }, (name, time) => {
      if (name === 'review') return ['sources', 'write'][time - 1];
      return name.endsWith('accountLookup') ? 'work' : undefined;
    });
    const lookups = { access: ACCESS, lookUp: withProvider(arn) };
    const more = about(prompter, { lookups, given });
    const present = () => ({ write: 'write it', warnings: [], costs: [] });
    const answers = await conversation(more, undefined, async (all) => all, present);
    return { answers, said, asked };
  }

  it("a lookup that finds GitHub's identity provider gives workflows their roles, if the repository's ids are known", async () => {
    const { answers, asked, said } = await readingOf(ARN, ids);
    expect(asked.filter((name) => /Id$|oidc/.test(name))).toEqual(['repository.ownerId', 'repository.repositoryId']);
    expect(answers.oidcProviders).toEqual({ '222233334444': { arn: ARN } });
    expect(said).toContain('Roles of GitHub workflows = in 222233334444 (iam)');
    expect(() => readConfig(answers, 'test')).not.toThrow();
    const known = await readingOf(ARN, ids, { repository: ids });
    expect(known.asked.filter((name) => /Id$|oidc/.test(name))).toEqual([]);
    expect(known.answers.oidcProviders).toEqual(answers.oidcProviders);
  });

  it.each([
    ["the repository's ids are not known", ARN, { name: 'acme/mcp' }],
    ['an account has no identity provider of GitHub', undefined, ids],
  ])('a lookup gives workflows no roles if %s', async (_, arn, repository) => {
    const { answers, asked } = await readingOf(arn, repository);
    expect(answers.oidcProviders).toBeUndefined();
    expect(asked).not.toContain('oidcProviders');
    expect(asked.includes('repository.ownerId')).toBe(arn !== undefined);
  });

  it.each([
    ['makes it', '222233334444', { '222233334444': { create: true } }],
    ['gives workflows no roles', '-', undefined],
  ])(
    "somebody whose account has no identity provider of GitHub %s, if the repository's ids are known",
    async (_, choice, expected) => {
      const prompts: SelectPrompt[] = [];
      const { asked, prompter } = person(inAccount, (name, _time, prompt) => {
        if (name === 'oidcProviders') prompts.push(prompt as SelectPrompt);
        if (name === 'oidcProviders') return choice;
        return name.endsWith('accountLookup') ? 'work' : undefined;
      });
      const lookups = { access: ACCESS, lookUp: withProvider(undefined, true) };
      const answers = answersOf(await interview(about(prompter, { lookups, given: { repository: ids } })));
      expect(asked.filter((name) => /Id$|oidc/.test(name))).toEqual(['oidcProviders']);
      expect(prompts[0]!.hint).toContain('There is none in account 222233334444');
      expect(prompts[0]!.choices[0]!.title).toBe('in 222233334444: make the identity provider with the registry layer');
      expect(answers.oidcProviders).toEqual(expected);
      expect(() => readConfig(answers, 'test')).not.toThrow();
    },
  );

  it('nobody is asked about an identity provider of GitHub, nor the ids, if these are not known', async () => {
    const { asked, prompter } = person(inAccount, (name) => (name.endsWith('accountLookup') ? 'work' : undefined));
    const lookups = { access: ACCESS, lookUp: withProvider(undefined, true) };
    const answers = answersOf(await interview(about(prompter, { lookups })));
    expect(asked.filter((name) => /Id$|oidc/.test(name))).toEqual([]);
    expect(answers.oidcProviders).toBeUndefined();
  });

  it('roles that a file asks for make the interview ask for the ids of the repository', async () => {
    const given = { ...WANTED, oidcProviders: { '111122223333': { create: true } } };
    const { asked, prompter } = person({ ...WANTED, repository: ids });
    const answers = answersOf(await interview(about(prompter, { given })));
    expect(asked).toEqual(['repository.ownerId', 'repository.repositoryId']);
    expect(() => readConfig(answers, 'test')).not.toThrow();
    expect(missingAnswers(given).map(({ path }) => path)).toEqual(['repository.ownerId']);
  });

  it('a lookup gives the kind of addresses of the load balancer to a host of its own, without a question', async () => {
    const dev = valueAt(inAccount, ['environments', 'dev']) as ReturnType<typeof exampleEnvironment>;
    const routing = { mode: 'domain', host: 'mcp.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ', priority: 200 };
    const network = { ...dev.network, albDnsName: 'quilt.elb.amazonaws.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' };
    const domain = { ...inAccount, environments: { dev: { ...dev, routing, network } } };
    for (const [wanted, type] of [
      [domain, 'dualstack'],
      [inAccount, undefined],
    ] as const) {
      const { asked, prompter } = person(wanted, (name) => (name.endsWith('accountLookup') ? 'work' : undefined));
      const state = await interview(about(prompter, { lookups: { access: ACCESS, lookUp: withProvider(undefined) } }));
      expect(valueAt(answersOf(state), ['environments', 'dev', 'network', 'albIpAddressType'])).toBe(type);
      expect(asked.join()).not.toContain('albIpAddressType');
      const settled = progress(state).settled.find(({ turn }) => turn.path.at(-1) === 'albIpAddressType');
      expect(settled?.source).toEqual(type && expect.objectContaining({ evidence: 'elbv2' }));
    }
  });

  it('a lookup is made once, and again for another catalog', async () => {
    const calls: unknown[] = [];
    const { prompter } = person(inAccount, (name, time) => {
      if (name.endsWith('accountLookup')) {
        if (time === 1) throw new Back();
        return BY_HAND;
      }
      return name.endsWith('catalogUrl') && time === 1 ? 'https://elsewhere.example.com' : undefined;
    });
    await interview(
      about(prompter, {
        lookups: {
          access: ACCESS,
          lookUp: async (kind, _, { environment: { catalogUrl } }, by) => {
            calls.push([kind, by, catalogUrl]);
            return by === BY_HAND ? { suggestions: [] } : lookUp(kind, '', {} as never, by);
          },
        },
      }),
    );
    expect(calls).toEqual([
      ['catalog', 'fetch', 'https://elsewhere.example.com'],
      ['catalog', 'fetch', `https://${PATH_HOST}`],
      ['account', BY_HAND, `https://${PATH_HOST}`],
    ]);
  });

  it('a lookup without a question needs a profile, and leaves to answer what nobody can look up', async () => {
    const given = { environments: { dev: { catalogUrl: `https://${PATH_HOST}` } } };
    const seen = { profile: 'work', ...ACCESS };
    const found = await answersWithoutQuestions({ given, lookups: { access: seen, lookUp } });
    expect(valueAt(found, ['environments', 'dev', 'network', 'vpcId'])).toBe('vpc-0aaaaaaaaaaaaaaaa');
    const missing = missingAnswers(found).map(({ path }) => path);
    expect(missing).toContain('environments.dev.routing.mode');
    expect(missing).not.toContain('environments.dev.account');
  });

  it('answers without questions have no environment that nobody named', async () => {
    const given = { name: 'acme' };
    const lookups = { access: { profile: 'work', ...ACCESS }, lookUp };
    expect(await answersWithoutQuestions({ given, lookups })).toEqual(given);
  });

  it('an interview that is resumed makes no lookup again', async () => {
    const lookups = { access: ACCESS, lookUp };
    let kept: InterviewState | undefined;
    const { prompter } = person(inAccount, (name) => {
      if (name.endsWith('registryUrl')) throw new Cancelled();
      return name.endsWith('accountLookup') ? 'work' : undefined;
    });
    const keep = (state: InterviewState | undefined) => {
      kept = state;
    };
    await expect(interview(about(prompter, { lookups, keep }))).rejects.toBeInstanceOf(Cancelled);
    const { typed, lookedUp } = JSON.parse(JSON.stringify(kept)) as InterviewState;
    const again = person(inAccount);
    const never: LookUp = () => Promise.reject(new Error('asked again'));
    const more = about(again.prompter, { lookups: { access: ACCESS, lookUp: never } });
    const state = await interview(more, { ...begin(more), typed, lookedUp });
    expect(again.asked[0]).toBe('environments.dev.registryUrl');
    expect(valueAt(answersOf(state), ['environments', 'dev', 'account'])).toBe('222233334444');
  });
});

describe('a conversation', () => {
  const present = () => ({ write: 'write it', warnings: ['a warning'], costs: [['dev', '$1 a month']] as const });
  const prepare = async (answers: PlainObject) => answers;

  it('a conversation shows answers and warnings, changes one, and asks what follows from it', async () => {
    const { said, asked, prompter } = person(WANTED, (name, time, prompt) => {
      if (name === 'review') return ['change', 'sources', 'write'][time - 1];
      if (name === 'change of')
        return (prompt as SelectPrompt).choices.find(({ title }) => title === 'The repository')!.value;
      if (name !== 'change') return name === 'target' && time === 2 ? 'terraform' : undefined;
      const { choices } = prompt as SelectPrompt;
      return choices.find(({ title }) => title === 'Deploy with: CloudFormation')!.value;
    });
    const wanted = await conversation(about(prompter), undefined, async (answers) => answers, present).catch(
      (error: Error) => error,
    );
    // Terraform keeps a state, whose bucket nobody here has in mind.
    expect(wanted).toMatchObject({ message: expect.stringContaining('state.bucket refuses') });
    expect(asked.slice(-4)).toEqual(['change of', 'change', 'target', 'state.bucket']);
    expect(said).toContain('Deploy with = CloudFormation');
    expect(said).toContain('! a warning');
    expect(said).toContain('dev = $1 a month');
  });

  it('a conversation shows where answers come from', async () => {
    const { said, prompter } = person(WANTED, (name, time) =>
      name === 'review' ? ['sources', 'write'][time - 1] : undefined,
    );
    const suggested = [{ path: 'image.version', value: exampleAnswers().image.version, evidence: 'a birdie' }];
    const given = { tags: { CostCenter: '1' } };
    await conversation(about(prompter, { suggested, given }), undefined, prepare, present);
    expect(said).toContain('GitHub repository = acme/mcp (your answer)');
    expect(said).toContain('Days that logs are kept = 30 (the default)');
    expect(said).toContain('Tag CostCenter = 1 (given before)');
    expect(said).toContain(
      "Authentication = bearer: the caller's token is passed to the Quilt registry, which checks it (the only choice)",
    );
    expect(said).toContain(`Version of the server = ${exampleAnswers().image.version} (a birdie)`);
  });

  /** Somebody who changes one answer in the review, and then answers as they have in mind. */
  function changing(
    part: string,
    title: string,
    wanted: unknown,
    others: Readonly<Record<string, string>> = {},
  ): Person {
    return person(wanted, (name, time, prompt) => {
      const choices = 'choices' in prompt ? prompt.choices : [];
      if (name === 'review') return ['change', 'write'][time - 1];
      if (name === 'change of') return choices.find((one) => one.title === part)!.value;
      if (name === 'change') return choices.find((one) => one.title.startsWith(`${title}: `))!.value;
      return others[name];
    });
  }

  /** Everything that {@link WANTED} has but its name, so that somebody is asked. */
  const GIVEN = (({ name: _, ...rest }) => rest)(WANTED);
  const DEV = valueAt(WANTED, ['environments', 'dev']) as ReturnType<typeof exampleEnvironment>;

  it('a conversation changes an answer that was given, and keeps the others, also those that nobody asks for', async () => {
    const given = { ...GIVEN, environments: { dev: { ...DEV, capacity: { desired: 3 } } } };
    const { asked, said, prompter } = changing('dev', 'Days that logs are kept', {
      ...WANTED,
      environments: { dev: { ...DEV, logs: { retention: 90 } } },
    });
    const answers = await conversation(about(prompter, { given }), undefined, prepare, present);
    expect(asked).toEqual(['name', 'review', 'change of', 'change', 'environments.dev.logs.retention', 'review']);
    expect(valueAt(answers, ['environments', 'dev'])).toEqual({
      ...(given.environments.dev as object),
      logs: { retention: 90 },
    });
    expect(said).toContain('Days that logs are kept = 90');
  });

  it('a conversation that changes a given answer asks again for the given ones that do not fit it any more', async () => {
    const listenerArn = DEV.network.listenerArn.replace('us-east-1', 'eu-west-1');
    const wanted = {
      ...WANTED,
      environments: { dev: { ...DEV, region: 'eu-west-1', network: { ...DEV.network, listenerArn } } },
    };
    const { asked, prompter } = changing('dev', 'AWS region', wanted);
    const answers = await conversation(about(prompter, { given: GIVEN }), undefined, prepare, present);
    expect(asked.slice(3, -1)).toEqual(['change', 'environments.dev.region', 'environments.dev.network.listenerArn']);
    expect(() => readConfig(answers, 'test')).not.toThrow();
    expect(valueAt(answers, ['environments', 'dev', 'network'])).toEqual({ ...DEV.network, listenerArn });
  });

  it('a conversation that changes a given choice asks anew for the given answers that belong to the other one', async () => {
    const routing = { mode: 'domain', host: 'mcp.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ', priority: 200 };
    const network = { ...DEV.network, albDnsName: 'quilt.elb.amazonaws.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' };
    const domain = { ...WANTED, environments: { dev: { ...DEV, routing, network } } };
    const to = changing('dev', 'Reach the server at', domain);
    const there = await conversation(about(to.prompter, { given: GIVEN }), undefined, prepare, present);
    expect(valueAt(there, ['environments', 'dev', 'routing'])).toEqual(routing);
    const from = changing('dev', 'Reach the server at', WANTED);
    const given = { ...GIVEN, environments: { dev: { ...DEV, routing, network } } };
    const back = await conversation(about(from.prompter, { given }), undefined, prepare, present);
    expect(valueAt(back, ['environments', 'dev', 'routing'])).toEqual(DEV.routing);
    for (const answers of [there, back]) expect(() => readConfig(answers, 'test')).not.toThrow();
  });

  it('a conversation takes environments that were given away, adds others, and keeps what the rest have', async () => {
    const given = { ...GIVEN, environments: { dev: DEV, production: exampleEnvironment('production', 2) } };
    const qa = { ...exampleEnvironment('qa', 1), deployment: { strategy: 'rolling' }, logs: { retention: 30 } };
    const wanted = { ...WANTED, environments: { qa, dev: DEV } };
    const { prompter } = changing('The repository', 'Environments', wanted);
    const answers = await conversation(about(prompter, { given }), undefined, prepare, present);
    const environments = valueAt(answers, ['environments']) as PlainObject;
    expect(Object.keys(environments)).toEqual(['qa', 'dev']);
    expect(environments.dev).toEqual(DEV);
  });

  it('a conversation takes a change back that the other given answers do not fit, and says why', async () => {
    const refuse = async (answers: PlainObject) => {
      if (valueAt(answers, ['repository', 'name']) === 'acme/mcp') return answers;
      throw new AnswersError('test', [{ path: 'oidcProviders', message: 'must be other' }]);
    };
    const { asked, said, prompter } = changing('The repository', 'GitHub repository', {
      ...WANTED,
      repository: { name: 'acme/other' },
    });
    const answers = await conversation(about(prompter, { given: GIVEN }), undefined, refuse, present);
    expect(asked.slice(-2)).toEqual(['repository.name', 'review']);
    expect(said).toContain('! oidcProviders must be other');
    expect(valueAt(answers, ['repository', 'name'])).toBe('acme/mcp');
    await expect(
      conversation(about(person(WANTED).prompter), undefined, () => refuse({}), present),
    ).rejects.toBeInstanceOf(AnswersError);
  });

  it('a conversation shows what a described environment left out as the default, and changes it', async () => {
    const { deployment: _, ...dev } = DEV as PlainObject;
    const given = { ...GIVEN, environments: { dev } };
    const { said, asked, prompter } = changing('dev', 'Deployments', WANTED, {
      'environments.dev.deployment.strategy': 'blue-green',
    });
    const answers = await conversation(about(prompter, { given }), undefined, prepare, present);
    expect(said).toContain('Deployments = rolling: new tasks start, then the old ones end');
    expect(asked.slice(-2)).toEqual(['environments.dev.deployment.strategy', 'review']);
    expect(valueAt(answers, ['environments', 'dev'])).toEqual({
      ...dev,
      cors: { allowedOrigins: [] },
      deployment: { strategy: 'blue-green' },
    });
  });

  it('a changed answer that was given is kept for another run, and no other given answer', async () => {
    const kept: (InterviewState | undefined)[] = [];
    const wanted = { ...WANTED, repository: { name: 'acme/other' } };
    const { prompter } = changing('The repository', 'GitHub repository', wanted);
    const keep = (state: InterviewState | undefined) => void kept.push(state);
    const more = about(prompter, { given: GIVEN, keep });
    await conversation(more, undefined, prepare, present);
    const { typed, lookedUp } = JSON.parse(JSON.stringify(kept.at(-1))) as InterviewState;
    const values = Object.entries(typed).flatMap(([path, answer]) => ('value' in answer ? [[path, answer.value]] : []));
    expect(Object.fromEntries(values)).toEqual({ name: 'acme', 'repository.name': 'acme/other' });
    const resumed = progress({ ...begin(more), typed, lookedUp });
    expect(resumed.next).toBeUndefined();
    expect(valueAt(resumed.answers, ['repository', 'name'])).toBe('acme/other');
    expect(valueAt(resumed.answers, ['environments', 'dev'])).toEqual(DEV);
    const without = progress({ ...begin({ given: {} }), typed, lookedUp });
    expect(without.next?.turn.path).toEqual(['target']);
  });

  it('a profile that the command line names is changed in the review', async () => {
    const by: string[] = [];
    const lookUp: LookUp = async (kind, _, __, how) => {
      if (kind === 'account') by.push(how);
      return { suggestions: [] };
    };
    const { prompter } = changing('dev', 'Read the AWS account to answer the rest?', WANTED, {
      'environments.dev.accountLookup': BY_HAND,
    });
    const lookups = { access: { ...ACCESS, profile: 'work' }, lookUp };
    await conversation(about(prompter, { lookups }), undefined, prepare, present);
    expect(by).toEqual(['work', BY_HAND]);
  });

  it('a conversation shows the repository before its environments, and offers nothing to change that is not asked here', async () => {
    let offered: string[] = [];
    const parts: string[] = [];
    const { prompter } = person(WANTED, (name, time, prompt) => {
      const choices = 'choices' in prompt ? prompt.choices : [];
      if (name === 'review') return ['change', 'write'][time - 1];
      if (name === 'change of') {
        parts.push(...choices.map(({ title }) => title));
        return choices.at(-1)!.value;
      }
      if (name === 'change') offered = choices.map(({ title }) => title.split(':')[0]!);
      return name === 'change' ? choices[0]!.value : undefined;
    });
    const given = { ...GIVEN, environments: { dev: { ...DEV, capacity: { desired: 3 } } } };
    await conversation(about(prompter, { given }), undefined, prepare, present);
    expect(parts).toEqual(['The repository', 'dev']);
    // These conventions keep no sessions, so that the number of tasks is no question.
    expect(offered).toContain('Days that logs are kept');
    expect(offered).not.toContain('Tasks');
  });

  it('a conversation says of each answer of Enter alone that it is the default, and of no other', async () => {
    const byEnter = new Map<string, boolean>();
    const wanted = {
      ...WANTED,
      state: { bucket: 'states' },
      environments: { dev: { ...DEV, logs: { retention: 90 } } },
    };
    const { said, prompter } = person(wanted, (name, time, prompt) => {
      if (name === 'review') return ['sources', 'write'][time - 1];
      const choices = 'choices' in prompt ? prompt.choices.filter(({ disabled }) => disabled === undefined) : [];
      const entered = prompt.initial ?? choices[0]?.value ?? (prompt.hint?.includes('empty for none') ? '' : undefined);
      const isEntered = entered !== undefined && !/environments$|retention$/.test(name);
      byEnter.set(prompt.message, isEntered);
      return isEntered ? entered : undefined;
    });
    const suggested = [{ path: 'repository.name', value: 'acme/mcp', evidence: 'the remote origin' }];
    await conversation(about(prompter, { suggested }), undefined, prepare, present);
    const rows = said.slice(said.findLastIndex((line) => line.startsWith('Deploy with = ')));
    const shown = new Map(rows.map((row) => [row.split(' = ')[0]!, / = .*\((.*?)\)$/.exec(row)?.[1]]));
    for (const [message, isEntered] of byEnter) {
      if (message === 'What now?') continue;
      expect([message, shown.get(message)]).toEqual([
        message,
        isEntered ? expect.stringMatching(/^the default/) : 'your answer',
      ]);
    }
    expect(shown.get("Registry of upstream's image")).toBe('the default');
    expect(shown.get('GitHub repository')).toBe('the default, by the remote origin');
    expect(shown.get('Days that logs are kept')).toBe('your answer');
  });

  it('a conversation says of a default region which variable has it, at its question and in the review', async () => {
    const hints: (string | undefined)[] = [];
    const { said, prompter } = person(WANTED, (name, time, prompt) => {
      if (name === 'review') return ['sources', 'write'][time - 1];
      if (!name.endsWith('.region')) return undefined;
      hints.push(prompt.hint);
      return prompt.initial ?? 'us-east-1';
    });
    const access = { profiles: [], hasCredentials: false, region: { value: 'us-east-1', variable: 'AWS_REGION' } };
    const lookups = { access, lookUp: async () => ({ suggestions: [] }) };
    await conversation(about(prompter, { lookups }), undefined, prepare, present);
    expect(hints).toEqual([expect.stringContaining('The default is that of AWS_REGION.')]);
    expect(said).toContain('AWS region = us-east-1 (the default, that of AWS_REGION)');
    const without = person(WANTED, (name, time) => (name === 'review' ? ['sources', 'write'][time - 1] : undefined));
    await conversation(about(without.prompter), undefined, prepare, present);
    expect(without.said).toContain('AWS region = us-east-1 (your answer)');
  });

  it('a conversation says of a default which environment has it', async () => {
    const environments = { dev: DEV, qa: { ...exampleEnvironment('qa', 1), logs: { retention: 30 } } };
    const { said, prompter } = person({ ...WANTED, environments }, (name, time) =>
      name === 'review' ? ['sources', 'write'][time - 1] : undefined,
    );
    await conversation(about(prompter), undefined, prepare, present);
    expect(said.filter((line) => line.startsWith('Days that logs are kept = 30 ('))).toEqual([
      'Days that logs are kept = 30 (the default)',
      'Days that logs are kept = 30 (the default, that of dev)',
    ]);
  });

  it('a conversation goes back from a change to its review, with the answers as they were', async () => {
    const { asked, prompter } = person(WANTED, (name, time, prompt) => {
      if (name === 'review') return ['change', 'write'][time - 1];
      if (name === 'repository.name' && time === 2) throw new Back();
      const { choices } = prompt as SelectPrompt;
      if (name === 'change of') return choices.find(({ title }) => title === 'The repository')!.value;
      if (name === 'change') return choices.find(({ title }) => title.startsWith('GitHub repository'))!.value;
      return undefined;
    });
    const answers = await conversation(about(prompter), undefined, prepare, present);
    expect(asked.slice(-5)).toEqual(['review', 'change of', 'change', 'repository.name', 'review']);
    expect(valueAt(answers, ['repository', 'name'])).toBe('acme/mcp');
  });

  it('a conversation that is cancelled at its end keeps nothing', async () => {
    const kept: unknown[] = [];
    const { prompter } = person(WANTED, (name) => (name === 'review' ? 'cancel' : undefined));
    const keep = (state: InterviewState | undefined) => void kept.push(state);
    await expect(conversation(about(prompter, { keep }), undefined, prepare, present)).rejects.toBeInstanceOf(
      Cancelled,
    );
    expect(kept.at(-1)).toBeUndefined();
    expect(kept.length).toBeGreaterThan(10);
  });

  it('a conversation without a question shows nothing', async () => {
    const { asked, said, prompter } = person();
    const given = exampleAnswers() as PlainObject;
    expect(await conversation(about(prompter, { given }), undefined, prepare, present)).toEqual(given);
    expect([asked, said]).toEqual([[], []]);
  });
});
