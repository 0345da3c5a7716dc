import { describe, expect, it } from 'vitest';
import { CallFailure, Reader, type Reason, remedyOf } from '../../../src/discovery/reader';

const failing = (reason: Reason) => new Reader(() => Promise.reject(new CallFailure(reason, 'said so\nat length')));

describe('a reader of an account', () => {
  it('a reader makes four calls at a time, and all in the end', async () => {
    let [now, most] = [0, 0];
    const reader = new Reader(async (_, input) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return input;
    });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => reader.read('subnets', { n })));
    expect(answers).toEqual(Array.from({ length: 20 }, (_, n) => ({ n })));
    expect([most, reader.calls, reader.unseen]).toEqual([4, 20, []]);
  });

  it('a reader notes a call without an answer, and goes on', async () => {
    const reader = failing('denied');
    expect(await reader.read('subnets')).toBeUndefined();
    expect(reader.unseen).toEqual([{ call: 'subnets', reason: 'denied', said: 'said so\nat length' }]);
  });

  it('a reader tells what is not there from what it does not see', async () => {
    const absent = failing('absent');
    expect([await absent.find('webAcl', {}), absent.unseen]).toEqual([null, []]);
    const denied = failing('denied');
    expect([await denied.find('webAcl', {}), denied.unseen.length]).toEqual([undefined, 1]);
  });

  it('a reader ends with an error that is about every call', async () => {
    const reader = new Reader(() => Promise.reject(new Error('expired')));
    await expect(reader.read('subnets')).rejects.toThrow('expired');
  });

  it.each<[Reason, string]>([
    ['denied', 'needs ec2:DescribeSubnets'],
    ['throttled', 'was throttled: try again'],
    ['timeout', 'got no answer in time: try again'],
    ['unreadable', 'failed: said so'],
  ])('a reader says the remedy for a call that was %s', (reason, expected) => {
    const text = remedyOf({ call: 'subnets', reason, said: 'said so\nat length' });
    expect(text).toContain(expected);
    expect(text).not.toContain('\n');
  });
});
