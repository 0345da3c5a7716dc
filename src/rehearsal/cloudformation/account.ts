import { NormalizedSchema } from '@smithy/core/schema';

import { partitionOf } from '../../config/partitions';
import { type AwsClients, awsClients } from '../clients';
import type { Emulator } from '../emulator';
import type { Order } from './graph';

/** One region of the emulated account, in which stacks are. */
export interface Account {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly tagsLater: boolean;
  readonly clients: AwsClients;
  /** The target group whose tasks answer, by the ARN of the listener rule that ECS moves the traffic with. */
  readonly live: Map<string, string>;
  /** The target group that has the traffic after the first deployment of a service that moves traffic. */
  readonly firstTraffic: TrafficPlace;
}

/** The first or the second target group of a service that moves traffic. */
export type TrafficPlace = 'first' | 'second';

/** The part of an emulator that is needed. */
export type EmulatedAccount = Pick<Emulator, 'url' | 'accountId'>;

/** Variants of the behaviour of CloudFormation and ECS, as users report them, or if it is undocumented. */
export interface Behaviour {
  /**
   * Order of resources whose dependencies are complete, by their place in the template: by default the last is first.
   */
  readonly order?: Order;
  /** The first, by default. */
  readonly firstTraffic?: TrafficPlace;
  /**
   * Whether CloudFormation tags a security group only once it has its rules, a target group only once it has its
   * attributes, and an untagged listener rule only when its tags change. Of the first and the last, users report the one
   * or the other of AWS (aws-cloudformation/cloudformation-coverage-roadmap, issues 714 and 1526). Without it, each is
   * tagged by the call that makes it.
   */
  readonly tagsLater?: boolean;
}

/**
 * Clients of an account. The SDK drops unknown members of a request; each of these clients refuses them before anything
 * is sent.
 */
export function accountOf(
  emulator: EmulatedAccount,
  region: string,
  { tagsLater = false, firstTraffic = 'first' }: Behaviour,
): Account {
  const clients = awsClients(emulator, region);
  for (const client of Object.values(clients)) {
    if (typeof client === 'function') continue;
    const stack = client.middlewareStack as unknown as MiddlewareStack;
    stack.add(
      (next, context) => (call) => {
        const { operationSchema } = context.__smithy_context ?? {};
        const problems = operationSchema ? problemsOfInput(call.input, operationSchema[4], operationSchema[2]) : [];
        if (problems.length > 0) throw new Error(problems.join('; '));
        return next(call);
      },
      { step: 'initialize', name: 'refuseUnknownInput' },
    );
  }
  return {
    accountId: emulator.accountId,
    region,
    partition: partitionOf(region).id,
    tagsLater,
    clients,
    live: new Map(),
    firstTraffic,
  };
}

type Schema = Parameters<typeof NormalizedSchema.of>[0];
type SentCall = { input: unknown };
type Handle = (call: SentCall) => Promise<unknown>;
interface MiddlewareContext {
  readonly __smithy_context?: { readonly operationSchema?: [number, string, string, unknown, Schema] };
}
interface MiddlewareStack {
  add(
    middleware: (next: Handle, context: MiddlewareContext) => Handle,
    options: { step: 'initialize'; name: string },
  ): void;
}

function problemsOfInput(value: unknown, schema: Schema, place: string): string[] {
  return problemsOf(value, NormalizedSchema.of(schema), place);
}

function problemsOf(value: unknown, schema: NormalizedSchema, place: string): string[] {
  if (value === undefined) return [];
  if (schema.isStructSchema()) {
    const members = schema.getMemberSchemas();
    const given = value as Record<string, unknown>;
    // The required members of a structure come first; the seventh part of its schema is their number.
    const required = Object.keys(members).slice(
      0,
      ((schema.getSchema() as unknown as unknown[])[6] as number | undefined) ?? 0,
    );
    return [
      ...required.filter((name) => given[name] === undefined).map((name) => `${place}: ${name} is missing`),
      ...Object.entries(given).flatMap(([name, member]) =>
        members[name] ? problemsOf(member, members[name], `${place}.${name}`) : [`${place}: the API knows no ${name}`],
      ),
    ];
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return [`${place}: the API needs a list`];
    return value.flatMap((member, index) => problemsOf(member, schema.getValueSchema(), `${place}[${index}]`));
  }
  if (schema.isMapSchema()) {
    return Object.entries(value as object).flatMap(([key, member]) =>
      problemsOf(member, schema.getValueSchema(), `${place}.${key}`),
    );
  }
  const wanted = schema.isStringSchema()
    ? 'string'
    : schema.isNumericSchema()
      ? 'number'
      : schema.isBooleanSchema()
        ? 'boolean'
        : typeof value;
  return wanted === typeof value ? [] : [`${place}: the API needs a ${wanted}, and not ${JSON.stringify(value)}`];
}
