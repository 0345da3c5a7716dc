import { describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../../../src/config/example';
import { AnswersError } from '../../../../src/config/problem';
import { type Answers, answersSchema } from '../../../../src/config/repository';
import { readConfig, resolveDeployment } from '../../../../src/model/resolve';

const NAMES = ['dev', 'staging', 'production'];

type Delivery = NonNullable<Answers['delivery']>;

/** The example, and what is said of delivery: for all, and by environment. */
function answers(common?: Delivery, own: Record<string, Delivery> = {}): Answers {
  const draft = structuredClone(exampleAnswers());
  if (common) draft.delivery = common;
  for (const [name, delivery] of Object.entries(own)) draft.environments[name]!.delivery = delivery;
  return draft;
}

const accessOf = (draft: Answers) =>
  resolveDeployment(readConfig(draft, 'test')).environments.map(({ access }) => access);

describe('how workflows reach an environment', () => {
  it('workflows reach an environment by a runner of GitHub and a request, unless the answers say otherwise', () => {
    expect(accessOf(answers())).toEqual(NAMES.map(() => ({ verify: 'request' })));
  });

  it('workflows reach an environment as it says, and for what that leaves out, as is said of all', () => {
    const common: Delivery = { runner: ['self-hosted', 'vpn'], verify: 'aws' };
    const own: Record<string, Delivery> = {
      dev: { runner: 'ubuntu-24.04', verify: 'request' },
      staging: { verify: 'request' },
    };
    expect(accessOf(answers(common, own))).toEqual([
      { runner: 'ubuntu-24.04', verify: 'request' },
      { runner: ['self-hosted', 'vpn'], verify: 'request' },
      { runner: ['self-hosted', 'vpn'], verify: 'aws' },
    ]);
  });

  it('an environment demands signatures if workflows have roles, unless it says otherwise, or is said to of all', () => {
    const demanding = (draft: Answers) => accessOf(draft).map(({ verifySignature = false }) => verifySignature);
    const withRoles = (draft: Answers): Answers => ({
      ...draft,
      repository: { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 },
      oidcProviders: { '111122223333': { create: true } },
    });
    expect(demanding(answers())).toEqual([false, false, false]);
    expect(demanding(withRoles(answers()))).toEqual([true, true, true]);
    expect(demanding(withRoles(answers(undefined, { dev: { verifySignature: false } })))).toEqual([false, true, true]);
    const off = answers({ verifySignature: false }, { production: { verifySignature: true } });
    expect(demanding(withRoles(off))).toEqual([false, false, true]);
    expect(demanding(withRoles(answers({ verifySignature: true })))).toEqual([true, true, true]);
    expect(problemsOf(answers({ verifySignature: 'yes' } as unknown as Delivery))).toEqual([
      'delivery.verifySignature: must be true or false',
    ]);
  });

  const accepted: [string, unknown][] = [
    ['a label', 'self-hosted'],
    ['a label of 256 characters', 'x'.repeat(256)],
    ['a label with a space', 'my runner'],
    ['an expression, which is a label like any other', '${{ secrets.A }}'],
    ['labels', ['self-hosted', 'linux', 'x64']],
    ['100 labels', Array.from({ length: 100 }, (_, index) => `l${index}`)],
    ['a group', { group: 'Default' }],
    ['a group of an organization', { group: 'org/vpn, private' }],
    ['a group with a label', { group: 'vpn', labels: 'linux' }],
    ['a group with labels', { group: 'vpn', labels: ['linux', 'x64'] }],
  ];

  it.each(accepted)('workflows may reach an environment by %s, which is in the data as it is', (_, runner) => {
    const [access] = accessOf(answers({ runner } as Delivery));
    expect(access).toEqual({ runner, verify: 'request' });
  });

  const refused: [string, unknown, RegExp][] = [
    ['nothing', '', /runner label/],
    [
      'a label with a comma',
      'self-hosted,vpn',
      /no comma.*; several labels are a list, e\.g\. \["self-hosted", "vpn"\]/,
    ],
    ['a label of 257 characters', 'x'.repeat(257), /1 to 256/],
    ['a label of two lines', 'a\nb', /printable/],
    ['a label with a space at its end', 'vpn ', /no space at either end/],
    ['a label that is not ASCII', 'größe', /ASCII/],
    ['no labels', [], /at least one/],
    ['101 labels', Array.from({ length: 101 }, (_, index) => `l${index}`), /1 to 100 labels/],
    ['a label twice', ['VPN', 'vpn'], /twice/],
    ['a number', 5, /a runner label, a list of 1 to 100 labels, or/],
    ['a number among labels', ['a', 5], /runner label/],
    ['no group', {}, /runner/],
    ['no group, but labels', { labels: ['a'] }, /runner/],
    ['an unknown key', { group: 'a', label: 'b' }, /runner|label/],
    ['a group of two lines', { group: 'a\nb' }, /runner group|runner label/],
  ];

  it.each(refused)('no workflow reaches an environment by %s, refused in words of its own', (_, runner, message) => {
    for (const draft of [answers({ runner } as Delivery), answers(undefined, { dev: { runner } as Delivery })]) {
      const problems = problemsOf(draft);
      expect(problems).toEqual([expect.stringMatching(message)]);
      expect(problems[0]).toMatch(/^(environments\.dev\.)?delivery\.runner/);
      expect(problems[0]).not.toMatch(/Invalid|Unrecognized|Too/);
    }
  });

  it('a deployment is verified by aws or request, and by nothing else', () => {
    expect(problemsOf(answers({ verify: 'none' } as unknown as Delivery))).toEqual([
      'delivery.verify: must be aws or request',
    ]);
    expect(problemsOf(answers({ verfy: 'aws' } as Delivery))).toEqual([
      'delivery.verfy: is not a known key; did you mean verify?',
    ]);
  });

  it('how workflows reach an environment is described for editors, each answer by itself', () => {
    const { delivery } = answersSchema.shape;
    const { runner, verify, verifySignature } = delivery.unwrap().shape;
    for (const schema of [delivery, runner, verify, verifySignature]) expect(schema.description).toMatch(/\.$/);
  });
});

function problemsOf(draft: Answers): string[] {
  try {
    readConfig(draft, 'test');
    return [];
  } catch (error) {
    if (!(error instanceof AnswersError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}
