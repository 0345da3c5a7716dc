import { expect, it } from 'vitest';

import { PropertyReader, takeTags } from '../../../../src/rehearsal/cloudformation/handler';
import { withStackTags } from '../../../../src/rehearsal/cloudformation/tags';

const OF_STACK = { Service: 'mcp', Team: 'core' };

it('the tags of a stack are put on a resource that writes tags as a list, and its own go before them', () => {
  const own = [{ Key: 'Team', Value: 'data' }];
  expect(withStackTags('AWS::SNS::Topic', { TopicName: 'a', Tags: own }, OF_STACK)).toEqual({
    TopicName: 'a',
    Tags: [...own, { Key: 'Service', Value: 'mcp' }],
  });
});

it('the tags of a stack are put on a resource that writes tags as a map, and its own go before them', () => {
  expect(withStackTags('AWS::SSM::Parameter', { Name: 'a', Tags: { Team: 'data' } }, OF_STACK)).toEqual({
    Name: 'a',
    Tags: { Service: 'mcp', Team: 'data' },
  });
});

it('the tags of a stack are put on no resource whose type has none, and where they are not known they are refused', () => {
  const rule = { GroupId: 'sg-a' };
  expect(withStackTags('AWS::EC2::SecurityGroupEgress', rule, OF_STACK)).toEqual(rule);
  const group = 'AWS::AutoScaling::AutoScalingGroup';
  expect(() => withStackTags(group, {}, OF_STACK)).toThrow(`The tags of ${group} are not applied here`);
  expect(withStackTags(group, {}, {})).toEqual({});
});

it('the tags of a resource are read alike from a list and from a map', () => {
  const tags = [{ Key: 'Team', Value: 'data' }];
  expect(takeTags(new PropertyReader({ Tags: tags }))).toEqual(tags);
  expect(takeTags(new PropertyReader({ Tags: { Team: 'data' } }))).toEqual(tags);
  expect(takeTags(new PropertyReader({}))).toEqual([]);
});
