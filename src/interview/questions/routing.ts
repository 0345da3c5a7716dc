import { urlHost } from '../../config/url-host';
import { blockOf, rulesOf, sharesCatalogHost } from '../../model/listener-block';
import { blockSize, CATALOG_PRIORITY, FIRST_PRIORITY, freeBlockBefore, prioritiesOf } from '../../model/routing';
import type { Context, Question, Suggestion } from '../question';
import { isDomain, onSameListener } from './context';

/** Questions about the address of an environment for clients. */
export const ROUTING: readonly Question[] = [
  {
    path: 'environments.*.routing.mode',
    kind: 'select',
    message: 'Reach the server at',
    choices: ({ conventions }) => [
      {
        value: 'path',
        title: `the path ${conventions.endpoint.path} on a host that the listener serves already, such as the catalog's`,
      },
      { value: 'domain', title: 'a host name of its own' },
    ],
    hint: 'A path needs no name and no certificate: it is the choice of most. A host of its own keeps the rules of the catalog out of it.',
    initial: ({ previous }) => previous?.routing?.mode ?? 'path',
    decision: true,
    asksAnew: ['environments.*.routing.host', 'environments.*.routing.priority'],
  },
  {
    path: 'environments.*.routing.host',
    kind: 'text',
    message: 'Host name',
    initial: (context) => (isDomain(context) ? undefined : freeHost(context)),
    suggestible: (context) => !isDomain(context),
  },
  {
    path: 'environments.*.routing.hostedZoneId',
    kind: 'text',
    message: 'Route 53 hosted zone',
    hint: 'Id of the zone that gets the alias record, and validates a certificate. Not needed if your DNS is elsewhere.',
    when: (context) => isDomain(context) && isOpen(context, 'routing.hostedZoneId', 'routing.certificateArn'),
    initial: ({ previous }) => (previous?.routing?.mode === 'domain' ? previous.routing.hostedZoneId : undefined),
    required: () => false,
  },
  {
    path: 'environments.*.routing.certificateArn',
    kind: 'text',
    message: 'Certificate',
    hint: 'ARN of an issued ACM certificate in the same region, or of a server certificate of IAM. Without one, a certificate is issued in the hosted zone.',
    when: (context) =>
      isDomain(context) && (isOpen(context, 'routing.certificateArn', 'routing.hostedZoneId') || lacksZone(context)),
    required: lacksZone,
  },
  {
    path: 'environments.*.routing.priority',
    kind: 'number',
    message: 'Listener rule priority',
    hint: ({ environment }) => {
      const size = blockSize(rulesOf(environment));
      const block = `The first of ${size} priorities that this environment takes. They must be free on the listener.`;
      return sharesCatalogHost(environment)
        ? `${block} At most ${CATALOG_PRIORITY - size}: the last must be below ${CATALOG_PRIORITY}, for a Quilt stack's rule ${CATALOG_PRIORITY} takes all requests for the catalog's host.`
        : block;
    },
    source: 'aws elbv2 describe-rules lists those in use.',
    initial: (context, seen) => (seen ? seenPriority(context, seen) : nextPriority(context)),
    // The account is asked about the catalog's host.
    suggestible: (context) => !isDomain(context) && sharesCatalogHost(context.environment),
  },
];

/** True if an answer is given, or the other one is not, either of which makes it needless. */
function isOpen({ given }: Context, path: string, other: string): boolean {
  return given(path) || !given(other);
}

function lacksZone({ environment: { routing } }: Context): boolean {
  return routing?.mode === 'domain' && routing.hostedZoneId === undefined;
}

/** The catalog's host, if no other environment has it on the same listener. */
function freeHost(context: Context): string | undefined {
  const host = urlHost(context.environment.catalogUrl);
  return onSameListener(context).some(({ routing }) => routing?.host === host) ? undefined : host;
}

/**
 * A priority that the account leaves under a condition. If it leaves none, there is no default: a block that is merely free may
 * come before a server that runs.
 */
function seenPriority(context: Context, { candidates = [] }: Suggestion): number | undefined {
  const rules = rulesOf(context.environment);
  const ofOthers = blocksOfOthers(context);
  return candidates
    .map(({ value }) => Number(value))
    .find((first) => !prioritiesOf(rules, first).some((priority) => ofOthers.includes(priority)));
}

function blocksOfOthers(context: Context): number[] {
  return onSameListener(context).flatMap((other) => blockOf(other));
}

/** The first priority whose block is free on the listener. */
function nextPriority(context: Context): number {
  const taken = [...context.takenPriorities, ...blocksOfOthers(context)];
  const rules = rulesOf(context.environment);
  const isTaken = (priority: number) => taken.includes(priority);
  if (!isDomain(context)) {
    // Elsewhere than on the catalog's host, the rule of the catalog is in nobody's way.
    const before = sharesCatalogHost(context.environment) ? CATALOG_PRIORITY : FIRST_PRIORITY.path + blockSize(rules);
    const first = freeBlockBefore(rules, before, isTaken);
    if (first !== undefined) return first;
  }
  let first: number = FIRST_PRIORITY.domain;
  while (prioritiesOf(rules, first).some(isTaken)) first++;
  return first;
}
