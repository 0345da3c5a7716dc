import { describe, expect, it } from 'vitest';

import type { Aws } from '../../../src/operations/aws-cli';
import { readPrices } from '../../../src/operations/price-list';
import { PRODUCTS, product } from '../../support/price-list';

const NOW = new Date('2026-12-01T12:00:00Z');

/** Answers as AWS does, and notes each call. */
function listing(products: Readonly<Record<string, readonly string[]>>) {
  const calls: string[] = [];
  const aws = (async (...words: readonly string[]) => {
    calls.push(words.join(' '));
    return { PriceList: products[words[words.indexOf('--service-code') + 1]!] ?? [] };
  }) as Aws;
  return { aws, calls };
}

describe('prices by the price list', () => {
  it('prices by the price list are those of tasks for Linux on x86, of the first unit, by one call a service', async () => {
    const { aws, calls } = listing(PRODUCTS);
    expect(await readPrices(aws, 'eu-west-1', NOW)).toEqual({
      region: 'eu-west-1',
      dated: '2026-12-01',
      source: "AWS's price list",
      vcpuHour: 0.04048,
      memoryHour: 0.004445,
      logsWritten: 0.57,
      logsKept: 0.03,
      imagesKept: 0.1,
    });
    expect(calls.sort()).toEqual(
      ['AmazonCloudWatch', 'AmazonECR', 'AmazonECS'].map(
        (service) =>
          `pricing get-products --service-code ${service} --filters Type=TERM_MATCH,Field=regionCode,Value=eu-west-1`,
      ),
    );
  });

  it.each<[string, Record<string, readonly string[]>, RegExp]>([
    ['no price', { ...PRODUCTS, AmazonECR: [] }, /\(AmazonECR\) has no price in US dollars for 1 GB of images/],
    [
      'a price in another currency alone',
      { ...PRODUCTS, AmazonECR: [product('TimedStorage-ByteHrs', { 0: '0.69' }, 'CNY')] },
      /no price in US dollars/,
    ],
    [
      'two prices',
      {
        ...PRODUCTS,
        AmazonECR: [product('TimedStorage-ByteHrs', { 0: '0.1' }), product('EU-TimedStorage-ByteHrs', { 0: '0.2' })],
      },
      /has several prices \(0\.1, 0\.2\) for 1 GB of images kept for a month in eu-west-1/,
    ],
  ])('prices by the price list are refused if it has %s for something', async (_, products, message) => {
    await expect(readPrices(listing(products).aws, 'eu-west-1', NOW)).rejects.toThrow(message);
  });
});
