import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnvironmentAnswers } from '../../../src/config/environment';
import { exampleAnswers } from '../../../src/config/example';
import { type Answers, TARGETS } from '../../../src/config/repository';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { standingWarnings, warningsOf } from '../../../src/model/warnings';
import { compareResources } from '../../../src/resources/impact';
import { resourcesOf } from '../../../src/resources/resources';
import { problemsOf } from '../../support/answers';

type Path = Extract<EnvironmentAnswers['routing'], { mode: 'path' }>;
type Change = (dev: EnvironmentAnswers & { routing: Path }, answers: Answers) => void;

function answersWith(change: Change, target: Answers['target'] = 'terraform'): Answers {
  const answers = structuredClone(exampleAnswers(undefined, target));
  change(answers.environments.dev as EnvironmentAnswers & { routing: Path }, answers);
  return answers;
}

function resolved(change: Change = () => {}, target: Answers['target'] = 'terraform') {
  return resolveDeployment(readConfig(answersWith(change, target), 'x'));
}

function serviceOf(change: Change = () => {}, target: Answers['target'] = 'terraform') {
  return resolved(change, target).environments[0]!.service;
}

const domain: Change = (dev) => {
  Object.assign(dev, { routing: { mode: 'domain', host: 'mcp.example.com', hostedZoneId: 'Z1', priority: 100 } });
  Object.assign(dev.network, { albDnsName: 'a.elb.amazonaws.com', albHostedZoneId: 'Z2' });
};
const shifting: Change = (dev) => {
  dev.deployment = { strategy: 'canary' };
};

describe('listener rules', () => {
  const rulesOf = (change: Change, target: Answers['target'] = 'terraform') =>
    serviceOf(change, target).listenerRules.map(({ priority, action, origins }) => [priority, action, origins]);

  it("listener rules refuse foreign origins by themselves, and let in the host's own pages and what sends none", () => {
    expect(rulesOf(() => {})).toEqual([
      [11, 'forward', ['https://quilt-dev.example.com']],
      [19, 'forbid', ['*']],
      [20, 'forward', undefined],
      [21, 'not-found', undefined],
    ]);
    expect(
      rulesOf((dev) => {
        dev.cors = { allowedOrigins: ['https://a.example.com', 'https://b.example.com'] };
      }).slice(0, 3),
    ).toEqual([
      [11, 'forward', ['https://quilt-dev.example.com', 'https://a.example.com']],
      [12, 'forward', ['https://b.example.com']],
      [19, 'forbid', ['*']],
    ]);
  });

  it('listener rules forward foreign origins if that is said, whatever origins are named for CORS', () => {
    expect(
      rulesOf((dev) => {
        dev.cors = { foreignOrigins: 'forward', allowedOrigins: ['https://a.example.com'] };
        dev.routing.answerOauthProbes = false;
      }),
    ).toEqual([[10, 'forward', undefined]]);
  });

  it('listener rules answer clients that look for OAuth metadata on the host of the catalog, and not on a host of its own', () => {
    const probe = serviceOf().listenerRules.at(-1)!;
    expect(probe.paths).toEqual([
      '/.well-known/oauth-protected-resource*',
      '/.well-known/oauth-authorization-server*',
      '/.well-known/openid-configuration*',
    ]);
    expect(rulesOf(domain).map(([, action]) => action)).toEqual(['forward', 'forbid', 'forward']);
  });

  it('listener rules forward foreign origins while ECS moves the traffic of one of them, and refuse to be told otherwise', () => {
    expect(rulesOf(shifting, 'cdk')).toEqual([
      [10, 'forward', undefined],
      [21, 'not-found', undefined],
    ]);
    const problems = (cors: EnvironmentAnswers['cors']) =>
      problemsOf(
        answersWith((dev, answers) => {
          shifting(dev, answers);
          dev.cors = cors;
        }, 'cdk'),
      ).map(({ path }) => path);
    expect(problems({ foreignOrigins: 'refuse' })).toEqual(['environments.dev.deployment.strategy']);
    expect(problems({ allowedOrigins: ['https://a.example.com'] })).toEqual(['environments.dev.deployment.strategy']);
    expect(problems({ allowedOrigins: ['https://a.example.com'], foreignOrigins: 'forward' })).toEqual([]);
  });

  it('listener rules have at most 5 values, and priorities of the block that the environment is said to take', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 15 }),
        fc.integer({ min: 1, max: 49_989 }),
        fc.constantFrom('refuse' as const, 'forward' as const),
        fc.boolean(),
        (origins, priority, foreignOrigins, answerOauthProbes) => {
          const service = serviceOf((dev) => {
            dev.cors = {
              foreignOrigins,
              allowedOrigins: Array.from({ length: origins }, (_, index) => `https://${index}.example.com`),
            };
            Object.assign(dev.routing, { priority, answerOauthProbes });
          });
          const { listenerRules, listenerPriority, listenerPriorities } = service;
          const taken = listenerRules.map((rule) => rule.priority);
          expect(taken).toEqual([...new Set(taken)].sort((a, b) => a - b));
          expect(listenerPriority).toBe(priority);
          expect(taken.at(-1)! - priority + 1).toBe(listenerPriorities);
          for (const { host, paths, origins: values = [] } of listenerRules) {
            expect([host, ...paths, ...values].length).toBeLessThanOrEqual(5);
          }
        },
      ),
    );
  });
});

describe('the way out of the load balancer', () => {
  it.each(TARGETS)('the way out of the load balancer is one rule of the group that is named: %s', (target) => {
    const rules = resourcesOf(resolved(undefined, target)).filter(({ type }) => type === 'securityGroupEgress');
    expect(rules.map(({ environment, properties }) => [environment, properties.group, properties.toPort])).toEqual([
      ['dev', 'sg-44444444444444444', 8000],
      ['staging', 'sg-88888888888888888', 8000],
      ['production', 'sg-fffffffffffffffff', 8000],
    ]);
  });

  it('the way out of the load balancer is nothing of ours if it is there', () => {
    const present = resolved((dev) => {
      dev.network.albEgress = 'present';
    });
    const absent = resolved((dev) => {
      delete (dev.network as { albEgress?: unknown }).albEgress;
    });
    for (const deployment of [present, absent]) {
      expect(
        resourcesOf(deployment).filter(
          ({ type, environment }) => type === 'securityGroupEgress' && environment === 'dev',
        ),
      ).toEqual([]);
    }
  });

  it('the way out of the load balancer is of one of its own groups', () => {
    const problems = problemsOf(
      answersWith((dev) => {
        dev.network.albEgress = { create: 'sg-0123456789abcdef0' };
      }),
    );
    expect(problems).toEqual([
      {
        path: 'environments.dev.network.albEgress.create',
        found: 'sg-0123456789abcdef0',
        message: "must be one of the load balancer's groups, network.albSecurityGroupIds: sg-44444444444444444",
      },
    ]);
  });
});

describe('the warning of rules that the catalog takes before', () => {
  it('the warning of rules that the catalog takes before comes for a path of its host, with what to set', () => {
    const warn = (priority: number, more: Change = () => {}) =>
      standingWarnings(
        resolved((dev, answers) => {
          more(dev, answers);
          Object.assign(dev.routing, { priority });
        }),
      );
    expect(warn(13)).toEqual([]);
    const [warning, ...others] = warn(14);
    expect(others).toEqual([]);
    expect(warning).toMatch(
      /^environments\.dev: the listener rule 25 of quilt-dev\.example\.com would never be reached/,
    );
    expect(warn(100)[0]).toMatch(
      /rules 101, 109, 110 and 111 .* If 10 to 21 are free on the listener, set environments\.dev\.routing\.priority in mcp-deploy\.json to 10 \(it is 100\), and run npx projen$/,
    );
    expect(warn(100, domain)).toEqual([]);
    expect(
      warn(100, (dev) => {
        dev.routing.host = 'other.example.com';
      }),
    ).toEqual([]);
    expect(
      warn(24, (dev) => {
        dev.cors = { foreignOrigins: 'forward' };
        dev.routing.answerOauthProbes = false;
      }),
    ).toEqual([]);
  });

  it('the warning of rules that the catalog takes before names a block that neither these rules nor those of others have', () => {
    const both = (priorities: readonly [number, number]) => {
      const deployment = resolved((dev, { environments }) => {
        Object.assign(dev.routing, { priority: priorities[0] });
        Object.assign(environments.staging!.routing, { mode: 'path', priority: priorities[1] });
        environments.staging!.network = { ...environments.staging!.network, listenerArn: dev.network.listenerArn };
        environments.staging!.account = dev.account;
      });
      return standingWarnings(deployment)[0];
    };
    expect(both([14, 100])).toMatch(/whose own rule 25 .*, and AWS takes no second rule 25\. If 2 to 13 are free/);
    expect(both([20, 1])).toMatch(/Below 25 there is no room for 12 priorities/);
    expect(both([100, 5])).toMatch(/Below 25 there is no room for 12 priorities beside those that this repository has/);
  });

  it('the warning of rules that the catalog takes before is among what a new repository is told', () => {
    const shadowed = resolved((dev) => {
      dev.routing.priority = 100;
    });
    expect(warningsOf(shadowed)).toEqual(expect.arrayContaining(standingWarnings(shadowed)));
  });
});

describe('rules that are made wider', () => {
  it.each(TARGETS)(
    'rules that are made wider change in place, and the one that served is never taken away: %s',
    (target) => {
      const before = resolved((dev) => {
        dev.cors = { foreignOrigins: 'forward' };
        dev.routing.answerOauthProbes = false;
        dev.network.albEgress = 'present';
      }, target);
      const impact = compareResources(resourcesOf(before), resourcesOf(resolved(undefined, target)), target).filter(
        ({ environment }) => environment === 'dev',
      );
      expect(impact.map(({ id, action }) => `${id}: ${action}`)).toEqual([
        'albEgressRule: create',
        'allowedOriginRule1: create',
        'otherOriginRule: create',
        'listenerRule: update',
        'oauthProbeRule: create',
      ]);
    },
  );
});
