import { describe, expect, it } from 'vitest';

import { decisionsContext } from '../../../../generators/docs/decisions';
import type { EnvironmentAnswers } from '../../../../src/config/environment';
import { environmentSchema } from '../../../../src/config/environment';
import { exampleAnswers } from '../../../../src/config/example';
import { CATALOGUE, isDeployable, LATEST } from '../../../../src/conventions';
import { readConfig, resolveDeployment } from '../../../../src/model/resolve';

type Target = 'terraform' | 'cloudformation';

/** Text of the document about a decision for an environment of the example, with other answers. */
function said(
  title: string,
  change: Partial<EnvironmentAnswers> = {},
  { name = 'dev', target = 'cloudformation' as Target, conventions = LATEST, others = {} } = {},
): { what: string; why: string } {
  const answers = { ...exampleAnswers(conventions, target), ...others };
  Object.assign(answers.environments[name]!, change);
  const { decisions } = decisionsContext(resolveDeployment(readConfig(answers, 'test'))) as {
    decisions: { title: string; environments: { name: string; what: string; why: string }[] }[];
  };
  const { environments } = decisions.find((one) => one.title === title)!;
  return environments.find((one) => one.name === name)!;
}

const ARN = 'arn:aws:iam::111122223333:policy/company';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/0123';
const { dev, production } = exampleAnswers().environments;
const HOST = { mode: 'path', host: 'tools.example.com', priority: 200 } as const;
const ZONE = { mode: 'domain', host: 'mcp.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ', priority: 200 } as const;
const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/0123';
const network = { ...dev!.network, albDnsName: 'quilt.elb.amazonaws.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' };
const origins = (...allowedOrigins: string[]) => ({ cors: { allowedOrigins } });
const canary = { strategy: 'canary', percent: 20, stepMinutes: 15, bakeMinutes: 1 } as const;
const shared = { scope: 'shared', account: '111122223333', region: 'us-east-1' } as const;

it.each([
  [{}, 'no roles within a permissions boundary'],
  [{ permissionsBoundaryArn: ARN }, 'roles of tasks alone within'],
  [{ deliveryBoundaryArn: ARN }, 'roles of workflows alone within'],
  [{ permissionsBoundaryArn: ARN, deliveryBoundaryArn: ARN }, 'roles of tasks and of workflows within'],
])('the decision about compliance names the roles that a boundary is on: %j', (boundaries, what) => {
  expect(said('Compliance', boundaries).what).toContain(what);
});

it.each([
  ['Browsers', ['cors.foreignOrigins: refuse', 'forward']],
  ['Compliance', ['retainData: true', 'false']],
])('the decision about %s says what else is possible: %j', (title, choices) => {
  const { decisions } = decisionsContext(resolveDeployment(readConfig(exampleAnswers(), 'test'))) as {
    decisions: { title: string; others: string }[];
  };
  for (const choice of choices) expect(decisions.find((one) => one.title === title)!.others).toContain(choice);
});

describe('the reason of a decision', () => {
  const stateful = CATALOGUE.filter(isDeployable).find(({ sessions }) => sessions.stateful)!;

  it.each([
    ['Address', {}, "quilt-dev.example.com is the catalog's own host", 'You chose'],
    ['Address', {}, 'All of the block comes before rule 25', 'hosted zone'],
    ['Address', { routing: { ...dev!.routing, priority: 200 } }, "the catalog's own host", 'comes before rule'],
    [
      'Address',
      { routing: { ...dev!.routing, priority: 10 }, ...origins('https://app.example.com') },
      'The answer routing.priority, 10, is the first of the block 10 to 21. The rules of this environment are at 11, 19, 20 and 21.',
      'undefined',
    ],
    [
      'Address',
      { routing: { ...dev!.routing, priority: 10, answerOauthProbes: false }, cors: { foreignOrigins: 'forward' } },
      'The answer routing.priority, 10, is the only priority that this environment takes.',
      'block',
    ],
    [
      'Address',
      { routing: HOST },
      "tools.example.com, which is not the catalog's host, quilt-dev.example.com",
      'own host',
    ],
    ['Address', { routing: ZONE, network }, 'one is issued in its hosted zone', 'name its certificate'],
    ['Address', { routing: { ...ZONE, certificateArn: CERTIFICATE }, network }, 'name its certificate', 'is issued'],
    ['Deployments', {}, 'It is the default.', 'You chose'],
    ['Deployments', origins('https://app.example.com'), 'take several listener rules', 'Terraform'],
    ['Deployments', { deployment: { strategy: 'rolling', alarms: ['a', 'b'] } }, '2 alarms of yours', 'No alarm'],
    ['Deployments', { deployment: { strategy: 'blue-green' } }, 'For 5 minutes after that', 'It is the default'],
    [
      'Deployments',
      { deployment: canary },
      '20 % of the requests first, for 15 minutes. For 1 minute after',
      'rolling: ',
    ],
    ['Deployments', { deployment: { ...canary, alarms: ['a'] } }, '1 alarm of yours', 'No alarm is named'],
    ['Authentication', {}, `only way of conventions ${LATEST.id}: the caller's token is passed`, 'You chose'],
    ['Browsers', {}, 'It is the default. No answer names a page from elsewhere.', 'You'],
    ['Browsers', origins('https://app.example.com'), 'You named 1 origin beside', 'the default'],
    ['Browsers', { cors: { foreignOrigins: 'forward' } }, 'gets no headers of CORS: so you chose', '403'],
    ['Browsers', { deployment: { strategy: 'blue-green' } }, 'for refusing takes several listener rules', 'you chose'],
    ['Compliance', {}, '30 days are the default. No answer names a key or a boundary.', 'You'],
    [
      'Compliance',
      { logs: { retention: 90 } },
      'You chose 90 days in the place of the default, 30.',
      'are the default',
    ],
    ['Compliance', { logs: { kmsKeyArn: KEY } }, 'You named the key of the logs.', 'No answer names a key'],
    ['Compliance', { permissionsBoundaryArn: ARN }, "named the boundary of the tasks' roles.", 'counts once'],
    ['Compliance', { deliveryBoundaryArn: ARN }, 'counts once they have roles', 'No answer names a key'],
    ['Compliance', {}, 'is the default of an environment whose name begins with dev', 'You chose what'],
    [
      'Compliance',
      { retainData: true },
      'You chose what a destroy leaves: by default, it removes them',
      'is the default of',
    ],
    ['Image repositories', {}, 'It is the default. Account 111122223333', 'You chose'],
    ['Image repositories', {}, 'staging and production are in that account, too.', 'No other environment'],
    ['Image repositories', { registry: shared }, 'You chose it in the place of the default', 'share it'],
    ['Image repositories', { registry: shared }, 'in the account of this environment', 'another account'],
    [
      'Image repositories',
      { registry: { ...shared, account: '222233334444' } },
      'is in another account than',
      'It is in the account of',
    ],
  ] as [string, Partial<EnvironmentAnswers>, string, string][])(
    'the reason of a decision is of this deployment: %s, %j',
    (title, change, there, notThere) => {
      const { why } = said(title, change);
      expect(why).toContain(there);
      expect(why).not.toContain(notThere);
    },
  );

  it('the reason of a decision about deployments is the target, if that can do no other', () => {
    const terraform = "Terraform, whose AWS provider 5.x can't move traffic.";
    expect(said('Deployments', {}, { target: 'terraform' }).why).toContain(terraform);
    expect(said('Deployments').why).not.toContain(terraform);
  });

  it('the reason of a decision about deployments is that the generation has sessions', () => {
    const sessions = `conventions ${stateful.id} keeps sessions in a task`;
    expect(said('Deployments', {}, { conventions: stateful }).why).toContain(sessions);
    expect(said('Deployments').why).not.toContain('sessions');
  });

  it('the reason of a decision is that roles are bounded, once there are roles', () => {
    const repository = { name: 'acme/mcp', ownerId: 12, repositoryId: 345 };
    const others = { repository, oidcProviders: { '111122223333': { create: true } } };
    const { why } = said('Compliance', { deliveryBoundaryArn: ARN }, { others });
    expect(why).toContain("You named the boundary of the workflows' roles.");
    expect(why).not.toContain('counts once');
  });

  it('the reason of a decision names who shares a repository, and who shares an account', () => {
    const environments = { dev: { ...dev!, registry: shared }, production: { ...production!, registry: shared } };
    const both = said('Image repositories', {}, { others: { environments } }).why;
    expect(both).toContain('dev and production share it: each image is stored once');
    const account = '222233334444';
    const listenerArn = production!.network.listenerArn.replace('111122223333', account);
    const apart = {
      dev: dev!,
      production: { ...production!, account, network: { ...production!.network, listenerArn } },
    };
    const { why } = said('Image repositories', {}, { others: { environments: apart } });
    expect(why).toContain('No other environment is in that account');
  });

  it('the reason of a decision is the same whether its default is written or left out', () => {
    const { cors: _, logs: __, deployment: ___, registry: ____, retainData: _____, auth: ______, ...bare } = dev!;
    const defaults = environmentSchema.parse(bare);
    for (const title of ['Address', 'Deployments', 'Authentication', 'Browsers', 'Compliance', 'Image repositories']) {
      const left = { ...exampleAnswers(LATEST, 'cloudformation').environments, dev: bare };
      const written = { ...left, dev: { ...defaults, retainData: false } as EnvironmentAnswers };
      const [one, other] = [left, written].map((environments) => said(title, {}, { others: { environments } }));
      expect(one).toEqual(other);
      expect(one!.why).not.toMatch(/You chose|undefined|null|\s{2}/);
    }
  });
});
