import { describe, expect, it } from 'vitest';
import { LATEST } from '../../../src/conventions';
import type { Aws } from '../../../src/operations/aws-cli';
import { ProgramFailure } from '../../../src/operations/failed';
import { errorMarkers, patternOf, printLogs, spanOf } from '../../../src/operations/service-logs';

const event = (eventId: string, timestamp: number, message = eventId) => ({
  eventId,
  timestamp,
  message: `${message}\n`,
});

describe('the log of a server', () => {
  const print = async (answers: object[], options: { follow?: boolean; markers?: string[] } = {}) => {
    const asked: (readonly string[])[] = [];
    const said: string[] = [];
    const ending = new AbortController();
    const aws = (async (...words: readonly string[]) => {
      asked.push(words);
      if (asked.length >= answers.length) ending.abort();
      return answers[asked.length - 1] ?? {};
    }) as Aws;
    const lines = await printLogs(
      aws,
      { group: '/quilt/mcp', since: 1000, markers: options.markers ?? [] },
      { follow: options.follow ?? false, signal: ending.signal, out: { write: (text) => said.push(text) } },
    );
    return { asked, said, lines };
  };

  it('the log is printed from a time on, oldest line first', async () => {
    const { asked, said, lines } = await print([{ events: [event('b', 2000), event('a', 1500)] }]);
    expect(said).toEqual(['1970-01-01T00:00:01.500Z a\n', '1970-01-01T00:00:02.000Z b\n']);
    expect([lines, asked]).toEqual([
      2,
      [['logs', 'filter-log-events', '--log-group-name', '/quilt/mcp', '--start-time', '1000']],
    ]);
  });

  it('the log that is followed has each line once, also one that comes late', async () => {
    const first = { events: [event('a', 40_000)] };
    const second = { events: [event('late', 39_000), event('a', 40_000), event('b', 41_000)] };
    const { said, asked } = await print([first, second], { follow: true });
    expect(said.map((line) => line.split(' ')[1])).toEqual(['a\n', 'late\n', 'b\n']);
    expect(asked[1]!.at(-1)).toBe('10000');
  });

  it('the log says characters that could act on a terminal, and does not print them', async () => {
    const { said } = await print([{ events: [event('a', 0, 'x\u001b]0;owned\u0007\ty')] }]);
    expect(said).toEqual(['1970-01-01T00:00:00.000Z x\\x1b]0;owned\\x07\ty\n']);
  });

  it('the log that is not there is one clear message', async () => {
    const aws = (async () => {
      throw new ProgramFailure('x', 'An error occurred (ResourceNotFoundException)');
    }) as Aws;
    const query = { group: '/ecs/mcp', since: 0, markers: [] };
    const ways = { follow: false, signal: new AbortController().signal, out: { write: () => {} } };
    await expect(printLogs(aws, query, ways)).rejects.toThrow('There is no log group /ecs/mcp: nothing is deployed');
  });

  it('the log is filtered by texts, each of which may be in a line', async () => {
    const { asked } = await print([{}], { markers: ['a "b"', 'c'] });
    expect(asked[0]!.slice(-2)).toEqual(['--filter-pattern', '?"a \\"b\\"" ?"c"']);
    expect(patternOf(['x\\y'])).toBe('?"x\\\\y"');
    expect(errorMarkers(LATEST)).toEqual(
      expect.arrayContaining([...LATEST.logs.refused, ...LATEST.logs.alarming, 'ERROR']),
    );
  });

  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['2d', 172_800_000],
    ['1w', undefined],
    ['0s', undefined],
    ['99999999999d', undefined],
    ['-1h', undefined],
    ['h', undefined],
  ])('the log goes back by a span: %s', (text, expected) => {
    expect(spanOf(text)).toBe(expected);
  });
});
