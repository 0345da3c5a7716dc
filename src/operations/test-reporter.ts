import type { TestEvent } from './test-event';

/** The part of the runner's events that is read. Source: Node.js, node:test, "Class: TestsStream". */
interface RunnerEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly message?: string;
    readonly skip?: string | boolean;
    readonly details?: {
      readonly type?: string;
      readonly error?: { readonly message: string; readonly failureType?: string; readonly cause?: unknown };
    };
  };
}

/** The runner's own closing lines, which it reports as if a test had said them. */
const TOTALS = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/;

/** A reporter for `node --test`: each {@link TestEvent} as a line of JSON, the same with every version of Node.js. */
async function* testReporter(events: AsyncIterable<RunnerEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    const read = readEvent(event);
    if (read) yield `${JSON.stringify(read)}\n`;
  }
}

function readEvent({ type, data: { name = '', message = '', skip, details } }: RunnerEvent): TestEvent | undefined {
  if (type === 'test:diagnostic') return TOTALS.test(message) ? undefined : { kind: 'note', text: message };
  if (type === 'test:fail') {
    const { error } = details ?? {};
    // A suite, or a test with tests of its own, fails because one of these does.
    return error?.failureType === 'subtestsFailed' ? undefined : { kind: 'failed', name, reason: reasonOf(error) };
  }
  if (type !== 'test:pass' || details?.type === 'suite') return undefined;
  if (skip === undefined || skip === false) return { kind: 'passed', name };
  return { kind: 'skipped', name, reason: typeof skip === 'string' ? skip : '' };
}

function reasonOf(error: { readonly message: string; readonly cause?: unknown } | undefined): string {
  const { cause } = error ?? {};
  return (cause instanceof Error ? cause.message : typeof cause === 'string' ? cause : error?.message) ?? '';
}

export = testReporter;
