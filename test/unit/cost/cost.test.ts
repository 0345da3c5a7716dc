import { describe, expect, it } from 'vitest';

import { exampleAnswers, exampleEnvironment } from '../../../src/config/example';
import type { Answers } from '../../../src/config/repository';
import { costsOf, totalOf } from '../../../src/cost/cost';
import { moneyOf } from '../../../src/cost/money';
import { US_EAST_1 } from '../../../src/cost/prices';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';

/** Environments as in the example, each with other answers. */
function costs(environments: Readonly<Record<string, object>>, more: Partial<Answers> = {}) {
  const answers = {
    ...exampleAnswers(),
    environments: Object.fromEntries(
      Object.entries(environments).map(([name, change], index) => [
        name,
        { ...exampleEnvironment(name, index + 1), ...change },
      ]),
    ),
    ...more,
  };
  return costsOf(resolveDeployment(readConfig(answers, 'the case')));
}

const lineOf = (cost: ReturnType<typeof costs>[number], begins: string) =>
  cost.lines.find(({ title }) => title.startsWith(begins))!;

describe('the cost of a deployment', () => {
  // Source: the figures of Guidance for Deploying Model Context Protocol Servers on AWS, by the same prices.
  it.each([
    [{ cpu: 256, memory: 512, desired: 1 }, 9.01],
    [{ cpu: 512, memory: 1024, desired: 2 }, 36.04],
    [{ cpu: 512, memory: 1024, desired: 0 }, 0],
  ])('the cost of a deployment with the capacity %j is %d dollars a month for its tasks', (capacity, dollars) => {
    const [dev] = costs({ dev: { capacity } });
    const line = lineOf(dev!, `${capacity.desired} task`);
    expect(line.least).toBeCloseTo(dollars, 2);
    expect(line.most).toBe(line.least);
  });

  it('the cost of a deployment has a range for logs, by their retention, and for images', () => {
    const [dev] = costs({ dev: { logs: { retention: 90 } } });
    expect(lineOf(dev!, 'logs: 1 to 10 GB written')).toMatchObject({ least: 0.5, most: 5 });
    const kept = lineOf(dev!, 'logs: kept for 90 days');
    expect([kept.least, kept.most].map((amount) => amount.toFixed(2))).toEqual(['0.09', '0.90']);
    expect(lineOf(dev!, 'images')).toMatchObject({ least: 0.4 * 0.1, most: 0.5 });
    expect(dev!.total!.least).toBeCloseTo(
      dev!.lines.reduce((sum, { least }) => sum + least, 0),
      9,
    );
  });

  it('the cost of a deployment has the shared registry once, and in its own region', () => {
    const registry = { scope: 'shared', account: '444455556666', region: 'us-east-1' };
    const all = costs({ dev: { registry }, production: { registry } });
    expect(
      all.map(({ name, lines }) => [name, lines.filter(({ title }) => title.startsWith('images')).length]),
    ).toEqual([
      ['shared', 1],
      ['dev', 0],
      ['production', 0],
    ]);
    expect(totalOf(all)!.most).toBeCloseTo(
      all.reduce((sum, { total }) => sum + total!.most, 0),
      9,
    );
  });

  it('the cost of a deployment in a region whose prices are not known has no number, nor has a sum with it', () => {
    const all = costs({ dev: {}, other: exampleEnvironment('other', 2, undefined, { region: 'eu-west-1' }) });
    expect(all.map(({ name, region, total }) => [name, region, total !== undefined])).toEqual([
      ['dev', 'us-east-1', true],
      ['other', 'eu-west-1', false],
    ]);
    expect(totalOf(all)).toBeUndefined();
    expect(US_EAST_1.region).toBe('us-east-1');
  });
});

describe('an amount of money', () => {
  it.each([
    [0, 0, '$0.00'],
    [0.04, 0.5, '$0.04 to $0.50'],
    [9.994, 9.996, '$9.99 to $10.00'],
    [36.04, 36.04, '$36'],
    [36.54, 41.9, '$37 to $42'],
  ])('an amount of money from %d to %d is %s', (least, most, text) => {
    expect(moneyOf({ least, most })).toBe(text);
  });
});
