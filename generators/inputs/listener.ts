import type { Deployment, ServiceLayer } from '../../src/model/deployment';
import { allowedOrigins, answersOauthProbes, LONGEST_BLOCK, PRIORITY_OFFSETS } from '../../src/model/routing';
import { FIXED_RESPONSES } from '../../src/resources/listener';
import { type Input, places } from './input';

/** Rules that forward allowed origins. */
export const ORIGIN_PLACES = PRIORITY_OFFSETS.reject - PRIORITY_OFFSETS.firstOrigin;

export function listener({ contract }: Deployment): Input[] {
  return [
    {
      name: 'listenerArn',
      kind: 'text',
      description: 'HTTPS listener of the load balancer that the rules are added to',
      pattern: 'arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:listener/app/[^/]+/[^/]+/[^/]+',
      value: ({ listenerArn }) => listenerArn,
      terraform: {
        name: 'alb_listener_arn',
        must: "The listener is given by the ARN of an Application Load Balancer's listener: arn:aws:elasticloadbalancing:REGION:ACCOUNT:listener/app/NAME/ID/ID.",
      },
      cloudformation: { must: "The ARN of an Application Load Balancer's listener." },
      cdk: { doc: "ARN of the load balancer's HTTPS listener that the rules are added to." },
    },
    {
      name: 'host',
      kind: 'text',
      description: "Host name that clients connect to; requests for other hosts are left to the listener's other rules",
      pattern: '([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?',
      value: ({ listenerRules }) => listenerRules[0]!.host,
      terraform: {
        name: 'listener_host',
        rules: [
          [
            'can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\\\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$", var.listener_host)) && length(var.listener_host) <= 128',
            'The host is one full name in lower case, such as quilt.example.com, without wildcards, of at most 128 characters.',
          ],
        ],
      },
      cloudformation: {
        name: 'ListenerHost',
        maxLength: 128,
        must: 'One full name in lower case, such as quilt.example.com, without wildcards.',
      },
      cdk: {
        doc: "Host name that clients connect to, in lower case. Requests for other hosts are left to the listener's other rules.",
      },
    },
    {
      name: 'port',
      kind: 'number',
      description: 'Port that clients connect to, for the URL that they are given',
      default: 443,
      value: ({ clientPort }) => (clientPort === 443 ? undefined : clientPort),
      terraform: {
        name: 'client_port',
        rules: [
          [
            'var.client_port >= 1 && var.client_port <= 65535 && floor(var.client_port) == var.client_port',
            'A port is a whole number from 1 to 65535.',
          ],
        ],
      },
      cloudformation: { name: 'ClientPort', range: [1, 65535] },
      cdk: {},
    },
    {
      name: 'priority',
      kind: 'number',
      description:
        "Priority of the listener rule; with allowed_origins, the 10 that follow must be free too, and with answer_oauth_probes the 11. For the catalog's host it must be below 25, the Quilt stack's own rule for that host",
      value: ({ listenerPriority }) => listenerPriority,
      terraform: {
        name: 'listener_priority',
        rules: [
          [
            'var.listener_priority >= 1 && var.listener_priority <= 50000 && floor(var.listener_priority) == var.listener_priority',
            'The priority of a listener rule is a whole number from 1 to 50000.',
          ],
        ],
      },
      cdk: {
        doc: `Priority of the listener rule; with \`allowedOrigins\` or \`answerOauthProbes\` the first of a block of up to ${LONGEST_BLOCK}. For the host of the Quilt\ncatalog all of it must be below 25, the stack's own rule for that host.`,
      },
    },
    {
      name: 'listenerPriorities',
      kind: 'texts',
      description: `Priorities of the rules, separated by commas; one, or up to ${LONGEST_BLOCK} in ascending order for allowed origins or OAuth probes. For the catalog's host all below 25`,
      value: priorities,
      cloudformation: {},
    },
    {
      name: 'allowedOrigins',
      kind: 'texts',
      description:
        'Origins of browser clients. Any other Origin is answered with 403; empty, the header is not looked at',
      default: [],
      value: ({ listenerRules }) => allowedOrigins(listenerRules),
      terraform: {
        rules: [
          [
            'length(var.allowed_origins) <= 16 && length(distinct(var.allowed_origins)) == length(var.allowed_origins) && alltrue([for origin in var.allowed_origins : can(regex("^[a-z][a-z0-9+.-]*://([A-Za-z0-9._-]+|\\\\[[0-9a-f:.]+\\\\])(:[0-9]{1,5})?$", origin)) && length(origin) <= 128])',
            "At most 16 different origins of at most 128 characters are allowed, each as a browser sends it: scheme, host and, unless it is the scheme's own, port, such as https://app.example.com.",
          ],
        ],
      },
      cloudformation: places(ORIGIN_PLACES, (place) => ({
        name: `AllowedOrigins${place}`,
        description: `Up to ${contract.routing.originsPerRule} origins of browser clients${place === 1 ? '; where any is named, each other Origin is answered with 403' : ''}`,
        value: (service) => originsOf(service)[place - 1],
        leftOut: true,
      })),
      cdk: {
        default: '- the Origin header is not looked at',
        doc: "Origins of browser clients, such as `https://quilt.example.com`. Where any is named, each other Origin is answered\nwith 403, that of the host's own pages too; clients that send none are let in.",
      },
    },
    {
      name: 'answerOauthProbes',
      kind: 'boolean',
      description: `Whether requests for OAuth metadata, which the host does not have, are answered with ${FIXED_RESPONSES['not-found'].status} in place of the catalog's pages`,
      default: false,
      value: (service) => answersOauthProbes(service) || undefined,
      terraform: {
        description:
          "Whether requests for OAuth metadata on the host, which has no such thing, are answered with 404 in place of the catalog's pages",
      },
      cloudformation: {},
      cdk: {
        doc: `Whether requests for OAuth metadata, which the host does not have, are answered with ${FIXED_RESPONSES['not-found'].status} in place of the\ncatalog's pages. Takes the last priority of the block.`,
      },
    },
  ];
}

/** The block of priorities, ascending. A template cannot add, so it is given each. */
function priorities({ listenerPriority, listenerPriorities }: ServiceLayer): number[] {
  return Array.from({ length: listenerPriorities }, (_, index) => listenerPriority + index);
}

/** The origins of each rule that forwards some. */
function originsOf({ listenerRules }: ServiceLayer): (readonly string[])[] {
  return listenerRules.flatMap(({ action, origins }) => (action === 'forward' && origins ? [origins] : []));
}
