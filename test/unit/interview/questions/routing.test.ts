import { describe, expect, it } from 'vitest';
import { askFor } from '../../../../src/interview/ask-for';
import type { Prompter, TextPrompt } from '../../../../src/interview/prompt';
import { SECTIONS } from '../../../../src/interview/questions';
import { ROUTING } from '../../../../src/interview/questions/routing';
import { contextOf } from '../../../../src/interview/turns';

const priority = ROUTING.find(({ path }) => path.endsWith('routing.priority'))!;

function proposed(taken: readonly number[], routing: object): unknown {
  const environment = { catalogUrl: 'https://quilt.example.com', routing };
  const context = contextOf({ environments: { dev: environment } }, {}, 'dev', {
    suggestions: [],
    takenPriorities: taken,
  });
  return priority.initial!(context);
}

describe('the priority that the interview proposes', () => {
  const ON_CATALOG = { mode: 'path', host: 'quilt.example.com' };
  const ELSEWHERE = { mode: 'path', host: 'apps.example.com' };
  const DOMAIN = { mode: 'domain', host: 'mcp.example.com' };

  it.each<[string, readonly number[], object, number]>([
    ['10 on an empty listener', [], ON_CATALOG, 10],
    ['the last free block below the rule of the catalog', [12, 25, 30], ON_CATALOG, 13],
    ['the last free block before rules that leave none behind', [14, 25], ON_CATALOG, 2],
    ['100 if there is no room below the rule of the catalog', [12, 23, 25], ON_CATALOG, 100],
    ["10 on a host that is not the catalog's", [25], ELSEWHERE, 10],
    ["a block below 10 on a host that is not the catalog's", [15, 25], ELSEWHERE, 4],
    ['100 with a host of its own', [12], DOMAIN, 100],
    ['the first free block from 100 on with a host of its own', [101], DOMAIN, 101],
  ])('the priority is %s', (_, taken, routing, expected) => {
    expect(proposed(taken, routing)).toBe(expected);
  });
});

describe('the priority that an account leaves', () => {
  const OLD = 'if the rules of old-mcp are moved to the front first: there is no room behind rule 24';
  const routing = { mode: 'path', host: 'quilt.example.com' } as const;

  /** The prompt for the priority, after a lookup of the account suggested it. */
  async function prompted(suggestion: object, place: object = routing, others: object = {}) {
    const asked: TextPrompt[] = [];
    const network = { listenerArn: 'arn:listener' };
    const environment = { catalogUrl: 'https://quilt.example.com', routing: place, network };
    const path = ['environments', 'dev', 'routing', 'priority'];
    const seen = { path: path.join('.'), evidence: 'aws elbv2 describe-rules', ...suggestion };
    const context = contextOf({ environments: { dev: environment, ...others } }, {}, 'dev', {
      suggestions: [seen],
      takenPriorities: [24, 25],
    });
    const turn = { section: SECTIONS[1]!, question: priority, environment: 'dev', path };
    const text = async (prompt: TextPrompt) => {
      asked.push(prompt);
      return '';
    };
    const next = { turn, context, suggestion: priority.suggestible!(context) ? seen : undefined };
    await askFor(next, { text } as Partial<Prompter> as Prompter, false, () => undefined);
    return asked[0]!;
  }

  it('the priority that an account leaves under a condition is the default, and the question says the condition', async () => {
    const { initial: proposal, hint } = await prompted({ candidates: [{ value: 10, why: OLD }] });
    expect(proposal).toBe('10');
    expect(hint).toContain(`There is 10 (${OLD}). Source: aws elbv2 describe-rules.`);
  });

  it.each([
    ['no room', {}, {}],
    [
      'a block of another environment',
      { candidates: [{ value: 10, why: OLD }] },
      {
        prod: {
          routing: { ...routing, host: 'other.example.com', priority: 12 },
          network: { listenerArn: 'arn:listener' },
        },
      },
    ],
  ])('the priority has no default if the account leaves %s', async (_, suggestion, others) => {
    expect((await prompted(suggestion, routing, others)).initial).toBeUndefined();
  });

  it("the priority on a host that is not the catalog's does not follow from the catalog's rules", async () => {
    const elsewhere = { mode: 'path', host: 'apps.example.com' };
    const { initial: proposal, hint } = await prompted({ candidates: [{ value: 3, why: OLD }] }, elsewhere);
    expect(proposal).toBe('10');
    expect(hint).not.toContain('old-mcp');
  });
});
