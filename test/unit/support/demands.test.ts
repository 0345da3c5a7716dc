import { describe, expect, it } from 'vitest';

import type { Parameters } from '../../support/aws-calls';
import { demandsOf, type Place } from '../../support/demands';

const ACCOUNT = '111122223333';
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:errors`;

/** Demands of a call of a service of which only the Service Authorization Reference says something: nothing is looked up. */
function demandsOfCall(service: string, action: string, parameters: Parameters) {
  return demandsOf({ service, action, region: 'us-east-1', parameters }, { accountId: ACCOUNT } as Place);
}

describe('what AWS asks of a call by the Service Authorization Reference alone', () => {
  it('what AWS asks of a call is about the resource that it names', async () => {
    expect(await demandsOfCall('sns', 'CreateTopic', { Name: 'errors' })).toEqual([
      { action: 'sns:CreateTopic', resource: TOPIC, context: {} },
    ]);
    expect(await demandsOfCall('cloudwatch', 'DeleteAlarms', { AlarmNames: ['a', 'b'] })).toMatchObject([
      { resource: `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:a` },
      { resource: `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:b` },
    ]);
  });

  it('what AWS asks of a call is about the resource whose ARN it has, and about no other ARN', async () => {
    const key = `arn:aws:kms:us-east-1:${ACCOUNT}:key/a`;
    const change = { TopicArn: TOPIC, AttributeName: 'KmsMasterKeyId', AttributeValue: key };
    expect(await demandsOfCall('sns', 'SetTopicAttributes', change)).toEqual([
      { action: 'sns:SetTopicAttributes', resource: TOPIC, context: {} },
    ]);
  });

  it('what AWS asks of a call that makes a resource with tags is the permission to tag it, too', async () => {
    const tagged = { Name: 'errors', Tags: [{ Key: 'Service', Value: 'mcp' }] };
    const context = { 'aws:RequestTag/Service': 'mcp' };
    expect(await demandsOfCall('sns', 'CreateTopic', tagged)).toEqual([
      { action: 'sns:CreateTopic', resource: TOPIC, context },
      { action: 'sns:TagResource', resource: TOPIC, context },
    ]);
  });

  it('what AWS asks of a call that names no resource, and needs one, is refused by the name of the file that says more', async () => {
    await expect(demandsOfCall('sns', 'DeleteTopic', {})).rejects.toThrow(
      'which resource sns:DeleteTopic is about is not known here: say it in test/support/demands.ts',
    );
    await expect(demandsOfCall('sns', 'NoSuchCall', {})).rejects.toThrow('has no sns:NoSuchCall');
  });
});
