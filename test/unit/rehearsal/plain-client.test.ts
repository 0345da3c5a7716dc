import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { membersOf, parseXml, plainClient } from '../../../src/rehearsal/plain-client';
import { callOf } from '../../support/aws-calls';

const SNS = { signedAs: 'sns', version: '2010-03-31' };
const EVENTS = { signedAs: 'events', target: 'AWSEvents' };

let stop = () => {};
afterEach(() => stop());

/** A service that gives one answer, and what it was asked. */
async function serviceThatSays(answer: string, status = 200) {
  const asked: ReturnType<typeof callOf>[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push(callOf(request, body));
    response.writeHead(status).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () => server.close();
  return { asked, call: plainClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'us-east-1') };
}

it('a service without a client is called by the Query protocol', async () => {
  const { asked, call } = await serviceThatSays(
    '<CreateTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><CreateTopicResult><TopicArn>arn:a</TopicArn></CreateTopicResult></CreateTopicResponse>',
  );
  const Tags = [{ Key: 'Team', Value: 'R & D' }];
  expect(await call(SNS, 'CreateTopic', { Name: 'a', Tags, Unset: undefined })).toEqual({ TopicArn: 'arn:a' });
  expect(asked).toEqual([
    {
      service: 'sns',
      region: 'us-east-1',
      action: 'CreateTopic',
      parameters: { Action: 'CreateTopic', Version: '2010-03-31', Name: 'a', Tags },
    },
  ]);
});

it('a service without a client answers nothing to a call that has no result', async () => {
  const { call } = await serviceThatSays('<DeleteTopicResponse><ResponseMetadata/></DeleteTopicResponse>');
  expect(await call(SNS, 'DeleteTopic', { TopicArn: 'arn:a' })).toEqual({});
});

it('a service without a client is called by the JSON protocol', async () => {
  const { asked, call } = await serviceThatSays('{"RuleArn":"arn:a"}');
  expect(await call(EVENTS, 'PutRule', { Name: 'a' })).toEqual({ RuleArn: 'arn:a' });
  expect(asked).toEqual([{ service: 'events', region: 'us-east-1', action: 'PutRule', parameters: { Name: 'a' } }]);
});

it.each([
  [SNS, '<ErrorResponse><Error><Code>NotFound</Code><Message>no topic</Message></Error></ErrorResponse>', 'no topic'],
  [EVENTS, '{"__type":"ResourceNotFoundException","message":"no rule"}', 'no rule'],
  [SNS, 'gateway', 'Any: 400'],
])('a service without a client refuses a call by its message: %o', async (api, answer, message) => {
  const { call } = await serviceThatSays(answer, 400);
  await expect(call(api, 'Any')).rejects.toThrow(message);
});

it('an answer in XML is read with its lists and maps, and its texts as they were', () => {
  const xml =
    '<?xml version="1.0"?><A xmlns="x"><List>\n  <member><B>1</B></member><member><B>&lt;&#38;&#x3e; é</B></member></List>' +
    '<Map><entry><key>k</key><value/></entry></Map><None/><Empty></Empty></A>';
  const answer = { A: { List: [{ B: '1' }, { B: '<&> é' }], Map: [{ key: 'k', value: '' }], None: '', Empty: '' } };
  expect(parseXml(xml)).toEqual(answer);
  expect(membersOf(answer.A.List)).toHaveLength(2);
  expect([membersOf(''), membersOf(undefined)]).toEqual([[], []]);
});
