import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Rule, routeRequest } from '../../src/discovery/listener-rules';
import type { ServiceLayer } from '../../src/model/deployment';
import { CATALOG_PRIORITY } from '../../src/model/routing';
import { FIXED_RESPONSES } from '../../src/resources/listener';

const OURS = 'ours';
const CATALOG = 'the catalog';

/** What stands in front of a server, as the listener of a Quilt stack with the rules of its deployment. */
export interface Front {
  readonly url: string;
  /** Requests in order, each its method and path. */
  readonly requests: string[];
  stop(): Promise<void>;
}

/**
 * Starts it on a free port of localhost, which stands for the deployment's host. The catalog answers as its nginx does: a
 * GET of anything with a page, and a POST with 405. Source: quilt `catalog/nginx-web.conf`.
 *
 * @param server URL of what the rules forward to
 */
export async function startFront(server: string, service: ServiceLayer): Promise<Front> {
  const rules = [...rulesOf(service), ...stackRules(service)];
  const host = service.listenerRules[0]!.host;
  const requests: string[] = [];
  const listener = createServer((incoming, outgoing) => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    requests.push(`${method} ${path}`);
    const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const { Type, TargetGroupArn, FixedResponseConfig } = routeRequest(rules, { host, path, method, headers: plain });
    if (Type === 'forward' && TargetGroupArn === OURS) {
      forward(server, incoming, outgoing);
    } else if (Type === 'forward') {
      const status = method === 'POST' ? 405 : 200;
      outgoing.writeHead(status, { 'Content-Type': 'text/html' }).end('<!doctype html><html>the catalog</html>');
    } else {
      const { StatusCode, ContentType = 'text/plain', MessageBody } = FixedResponseConfig!;
      outgoing.writeHead(Number(StatusCode), { 'Content-Type': ContentType }).end(MessageBody);
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, 'localhost', resolve));
  return {
    url: `http://localhost:${(listener.address() as AddressInfo).port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        listener.closeAllConnections();
      }),
  };
}

function rulesOf({ listenerRules }: ServiceLayer): Rule[] {
  return listenerRules.map(({ priority, host, paths, origins, action }) => ({
    Priority: String(priority),
    Conditions: [
      { Field: 'host-header', HostHeaderConfig: { Values: [host] } },
      { Field: 'path-pattern', PathPatternConfig: { Values: paths } },
      ...(origins ? [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'Origin', Values: origins } }] : []),
    ],
    Actions: [
      action === 'forward'
        ? { Type: 'forward', TargetGroupArn: OURS }
        : {
            Type: 'fixed-response',
            FixedResponseConfig: {
              StatusCode: FIXED_RESPONSES[action].status,
              MessageBody: FIXED_RESPONSES[action].body,
            },
          },
    ],
  }));
}

function stackRules({ listenerRules }: ServiceLayer): Rule[] {
  return [
    {
      Priority: String(CATALOG_PRIORITY),
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [listenerRules[0]!.host] } }],
      Actions: [{ Type: 'forward', TargetGroupArn: CATALOG }],
    },
    {
      IsDefault: true,
      Priority: 'default',
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    },
  ];
}

function forward(server: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url: path, headers } = incoming;
  const onward = send(new URL(path!, server), { method, headers }, (response) => {
    outgoing.writeHead(response.statusCode!, response.headers);
    response.pipe(outgoing);
  });
  onward.once('error', (error) => outgoing.destroy(error));
  incoming.pipe(onward);
}
