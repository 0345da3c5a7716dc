import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleAnswers } from '../../../src/config/example';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { standingWarnings } from '../../../src/model/warnings';
import { loadBalancerAnswers } from '../../../src/upgrade/load-balancer';
import { problemsOf } from '../../support/answers';

describe('what an upgrade writes about the load balancer', () => {
  /** An environment as versions emitted it that did not ask what lets the load balancer out. */
  const old = (priority: number, more: object = {}, listener = 'a') => ({
    catalogUrl: 'https://quilt.example.com',
    routing: { mode: 'path', host: 'quilt.example.com', priority },
    network: { listenerArn: listener },
    ...more,
  });
  const ORIGINS = { cors: { allowedOrigins: ['https://a.example.com'] } };
  const writes = (environments: Record<string, unknown>) =>
    Object.fromEntries(
      [...loadBalancerAnswers(environments as never)].map(([name, written]) => [
        name,
        Object.fromEntries(written.map(({ path, value }) => [path.join('.'), value])),
      ]),
    );
  const PRESENT = { 'network.albEgress': 'present' };
  const FORWARD = { ...PRESENT, 'cors.foreignOrigins': 'forward' };
  const NO_PROBES = { 'routing.answerOauthProbes': false };

  it('what an upgrade writes about the load balancer is that nothing is made, once', () => {
    expect(writes({ dev: old(10) })).toEqual({ dev: PRESENT });
    expect(writes({ dev: { ...old(10), network: { listenerArn: 'a', albEgress: 'present' } } })).toEqual({});
  });

  it('what an upgrade writes about the load balancer says which priorities must be free now, if they are more', () => {
    const why = (environment: unknown) => loadBalancerAnswers({ dev: environment } as never).get('dev')![0]!.why;
    expect(why(old(10))).toMatch(
      /Its listener rules take the priorities 11 to 21 now: see that no rule of others has one$/,
    );
    expect(
      why(old(10, { cors: { foreignOrigins: 'forward' }, routing: { mode: 'domain', priority: 10 } })),
    ).not.toMatch(/priorities/);
  });

  it.each<[what: string, environments: Record<string, unknown>, expected: object]>([
    ['there is room', { dev: old(100), staging: old(112) }, { dev: PRESENT, staging: PRESENT }],
    ['listeners differ', { dev: old(10), staging: old(10, {}, 'b') }, { dev: PRESENT, staging: PRESENT }],
    ['the next begins within', { dev: old(100), staging: old(101) }, { dev: FORWARD, staging: FORWARD }],
    [
      'the next begins where the probes would be answered',
      { dev: old(100), staging: old(111) },
      { dev: { ...PRESENT, ...NO_PROBES }, staging: PRESENT },
    ],
    [
      'origins are refused already, and the next begins there',
      { dev: old(100, ORIGINS), staging: old(111, ORIGINS) },
      { dev: PRESENT, staging: PRESENT },
    ],
    ['all of it would be below 25', { dev: old(13) }, { dev: PRESENT }],
    ['the last would be 25', { dev: old(14) }, { dev: { ...PRESENT, ...NO_PROBES } }],
    ['the last would be above 25', { dev: old(20) }, { dev: { ...FORWARD, ...NO_PROBES } }],
    ['it is above 25 already', { dev: old(100) }, { dev: PRESENT }],
  ])('what an upgrade writes about the load balancer keeps rules apart, and reached: %s', (_what, given, expected) => {
    expect(writes(given)).toEqual(expected);
  });

  it('what an upgrade writes about the load balancer never makes answers wrong, nor rules that are reached unreachable', () => {
    const environment = fc.record({
      priority: fc.integer({ min: 1, max: 40 }),
      guarded: fc.boolean(),
      listener: fc.constantFrom('1', '2'),
    });
    fc.assert(
      fc.property(fc.array(environment, { minLength: 1, maxLength: 3 }), (list) => {
        const answers = structuredClone(exampleAnswers());
        const names = Object.keys(answers.environments);
        answers.environments = Object.fromEntries(
          list.map(({ priority, guarded, listener }, index) => {
            const one = answers.environments[names[index]!]!;
            const { albEgress: _, ...network } = one.network;
            const listenerArn = network.listenerArn.replace(/\w$/, listener);
            return [
              names[index]!,
              {
                ...one,
                routing: { ...one.routing, priority },
                network: { ...network, listenerArn },
                cors: { allowedOrigins: guarded ? ['https://a.example.com'] : [] },
              },
            ];
          }),
        );
        const taken = list.map(({ priority, guarded, listener }) =>
          (guarded ? Array.from({ length: 10 }, (_, index) => priority + 1 + index) : [priority]).map(
            (place) => `${listener} ${place}`,
          ),
        );
        fc.pre(new Set(taken.flat()).size === taken.flat().length);
        for (const [name, written] of loadBalancerAnswers(answers.environments as never)) {
          for (const { path, value } of written) {
            const [first, last] = path as [string, string];
            Object.assign((answers.environments[name] as never as Record<string, object>)[first]!, { [last]: value });
          }
        }
        expect(problemsOf(answers)).toEqual([]);
        list.forEach(({ priority, guarded }, index) => {
          const wasReached = priority + (guarded ? 10 : 0) < 25;
          const warnings = standingWarnings(resolveDeployment(readConfig(answers, 'x')));
          const isWarned = warnings.some((warning) => warning.startsWith(`environments.${names[index]}:`));
          if (wasReached) expect(isWarned).toBe(false);
        });
      }),
    );
  });
});
