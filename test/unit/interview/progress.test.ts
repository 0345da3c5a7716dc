import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { exampleAnswers, exampleEnvironment } from '../../../src/config/example';
import { isObject, type PlainObject, valueAt } from '../../../src/config/paths';
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
  const present = () => ({ write: 'write it', warnings: ['a warning'] });
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
      "Authentication = bearer: the caller's token is passed to the Quilt registry, which checks it (follows from other answers)",
    );
    expect(said).toContain(`Version of the server = ${exampleAnswers().image.version} (a birdie)`);
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
