import { describe, expect, it } from 'vitest';
import { ROUTING } from '../../../../src/interview/questions/routing';
import { contextOf } from '../../../../src/interview/turns';

const { initial } = ROUTING.find(({ path }) => path.endsWith('routing.priority'))!;

function proposed(taken: readonly number[], routing: object): unknown {
  const environment = { catalogUrl: 'https://quilt.example.com', routing };
  const context = contextOf({ environments: { dev: environment } }, {}, 'dev', {
    suggestions: [],
    takenPriorities: taken,
  });
  return initial!(context);
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
