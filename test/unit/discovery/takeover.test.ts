import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { actionOf, type Rule, ruleFor, targetGroupsOf } from '../../../src/discovery/listener-rules';
import { type Planned, withDeployment } from '../../../src/discovery/planned';
import { proposalsOf } from '../../../src/discovery/proposals';
import { proposedDeployment } from '../../../src/discovery/proposed-deployment';
import type { Snapshot } from '../../../src/discovery/snapshot';
import { afterTakeovers, type Takeover, takeoversOf } from '../../../src/discovery/takeover';
import { healthyAccount, OLD_GROUP, oldServer } from '../../support/healthy-account';

const HEALTHY = healthyAccount();
const PLANNED = proposedDeployment(proposalsOf(HEALTHY))!;
const HOST = new URL(PLANNED.environment.url).hostname;

const rule = (priority: number, path: string, TargetGroupArn: string): Rule => ({
  RuleArn: `arn:aws:elasticloadbalancing:us-east-1:111122223333:listener-rule/app/quilt/0123/4567/${path.length}${priority}`,
  Priority: String(priority),
  Conditions: [
    { Field: 'host-header', HostHeaderConfig: { Values: [HOST] } },
    { Field: 'path-pattern', PathPatternConfig: { Values: [path] } },
  ],
  Actions: [{ Type: 'forward', TargetGroupArn }],
});

/** A healthy account in which an old server runs, with more rules on the listener. */
function withServer(rules: readonly Rule[], convention?: string): Snapshot {
  return healthyAccount((parts) => ({
    ...parts,
    ...oldServer('x/quiltdata/mcp:0.9.2', convention),
    targetGroups: [...parts.targetGroups, { arn: OLD_GROUP, name: 'old' }],
    listeners: parts.listeners.map((one) => ({ ...one, rules: [...one.rules, ...rules] })),
  }));
}

const withPriority = (first: number): Planned => {
  const { service } = PLANNED.environment;
  const moved = first - service.listenerPriority;
  return {
    ...PLANNED,
    environment: {
      ...PLANNED.environment,
      service: {
        ...service,
        listenerPriority: first,
        listenerRules: service.listenerRules.map((one) => ({ ...one, priority: one.priority + moved })),
      },
    },
  };
};

const rulesIn = ({ parts }: Snapshot) => parts.listeners![0]!.rules;

function afterMoves(rules: readonly Rule[], moves: NonNullable<Takeover['way']>['after']): Rule[] {
  return rules.map((one) => {
    const move = moves.find(({ arn }) => arn === one.RuleArn);
    if (move) expect(String(move.from)).toBe(one.Priority);
    return move ? { ...one, Priority: String(move.to) } : one;
  });
}

/** Target groups that clients' requests go to. */
function reachedBy(rules: readonly Rule[]): string[] {
  const each = ['/mcp', '/mcp/'].flatMap((path) =>
    targetGroupsOf(actionOf(ruleFor(rules, { host: HOST, path, method: 'POST' }))!),
  );
  return [...new Set(each)];
}

function expectNoTwo(rules: readonly Rule[]): void {
  const priorities = rules.map(({ Priority }) => Priority);
  expect(new Set(priorities).size, priorities.join()).toBe(priorities.length);
}

describe('a server that runs already', () => {
  it('a server that this generator made is taken over by nobody', () => {
    expect(takeoversOf(withServer([rule(10, '/mcp*', OLD_GROUP)], 'g3b'), PLANNED)).toEqual([]);
    expect(takeoversOf(HEALTHY, PLANNED)).toEqual([]);
  });

  it('a server at another address is in nobody’s way', () => {
    expect(takeoversOf(withServer([rule(3, '/other/*', OLD_GROUP)]), PLANNED)).toEqual([
      {
        service: 'old-mcp',
        image: 'x/quiltdata/mcp:0.9.2',
        generations: ['g1b'],
        targetGroups: ['old'],
        priorities: [3],
      },
    ]);
  });

  it('a server keeps its clients until its rules are moved, and then none: whatever priorities are taken', () => {
    const priorities = fc.uniqueArray(fc.integer({ min: 1, max: 24 }), { minLength: 2, maxLength: 14 });
    fc.assert(
      fc.property(priorities, fc.boolean(), (taken, hasTwo) => {
        const [first, second, ...others] = taken as [number, number, ...number[]];
        const snapshot = withServer([
          rule(first, hasTwo ? '/mcp' : '/mcp*', OLD_GROUP),
          ...(hasTwo ? [rule(second, '/mcp/*', OLD_GROUP)] : []),
          ...others.map((one) => rule(one, '/elsewhere/*', 'other')),
        ]);
        const { way } = takeoversOf(snapshot, PLANNED)[0]!;
        if (way!.first === undefined) {
          expect(others.length).toBeGreaterThan(0);
          return;
        }
        const before = afterMoves(rulesIn(snapshot), way!.before);
        const planned = withPriority(way!.first);
        const deploy = (rules: readonly Rule[]): readonly Rule[] => {
          const { parts } = snapshot;
          const listeners = parts.listeners!.map((one) => ({ ...one, rules }));
          const { facts } = withDeployment({ ...(parts as Required<typeof parts>), listeners }, planned);
          return facts.listeners.find(({ arn }) => arn === planned.environment.service.listenerArn)!.rules;
        };
        const deployed = deploy(before);
        for (const stage of [before, deployed]) {
          expectNoTwo(stage);
          expect(reachedBy(stage)).toEqual([OLD_GROUP]);
        }
        const after = afterMoves(deployed, way!.after);
        if (way!.before.length === 0) {
          const judged = afterTakeovers(snapshot, takeoversOf(snapshot, planned));
          expect(deploy(rulesIn(judged))).toEqual(after);
        }
        expectNoTwo(after);
        expect(reachedBy(after)).toEqual([expect.stringContaining(planned.environment.service.targetGroupName)]);
      }),
    );
  });
});
