import { setTimeout as sleep } from 'node:timers/promises';

import type { Conventions } from '../conventions';
import { type Aws, answerOf } from './aws-cli';
import { Failed } from './failed';
import type { TextStream } from './session';

/** A line of the log of the server. */
interface LogEvent {
  readonly eventId: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

/** Choice of lines. */
export interface LogQuery {
  readonly group: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Texts of which a line must have one; none, every line. */
  readonly markers: readonly string[];
}

const POLL_MS = 2000;
/** CloudWatch may take this long until a line can be found: a later look begins so much earlier. */
const LATE_MS = 30_000;
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A span of time such as `90s`, `15m`, `1h` or `2d`, in milliseconds; undefined if it is none, or longer than 9999 days. */
export function spanOf(text: string): number | undefined {
  const [, number, unit] = /^([1-9]\d{0,3})([smhd])$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit!]!;
}

/** Texts of lines that tell of a refused request, a wrong setting, or something that must not be; and of failures of any server. */
export function errorMarkers({ logs }: Conventions): string[] {
  return [...new Set([...logs.alarming, ...logs.misconfigured, ...logs.refused, 'ERROR', 'CRITICAL', 'Traceback'])];
}

/**
 * Prints lines of a log, oldest first; then goes on until the signal comes, if it follows.
 *
 * @throws Failed if there is no such log group, ProgramFailure if AWS gives no answer
 */
export async function printLogs(
  aws: Aws,
  { group, since, markers }: LogQuery,
  { follow, signal, out }: { readonly follow: boolean; readonly signal: AbortSignal; readonly out: TextStream },
): Promise<number> {
  const seen = new Map<string, number>();
  let [from, lines] = [since, 0];
  for (;;) {
    const answer = await answerOf(
      aws<{ events?: readonly LogEvent[] }>(
        ...['logs', 'filter-log-events', '--log-group-name', group, '--start-time', String(from)],
        ...(markers.length > 0 ? ['--filter-pattern', patternOf(markers)] : []),
      ),
      /ResourceNotFoundException/,
    );
    if (!answer) throw new Failed(`There is no log group ${group}: nothing is deployed, or it was deployed elsewhere.`);
    const { events = [] } = answer;
    const fresh = events.filter(({ eventId }) => !seen.has(eventId)).sort((a, b) => a.timestamp - b.timestamp);
    for (const { eventId, timestamp, message } of fresh) {
      seen.set(eventId, timestamp);
      out.write(`${new Date(timestamp).toISOString()} ${visible(message.trimEnd())}\n`);
    }
    lines += fresh.length;
    if (!follow) return lines;
    const newest = Math.max(from, ...seen.values());
    from = Math.max(since, newest - LATE_MS);
    for (const [id, timestamp] of seen) if (timestamp < from) seen.delete(id);
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return lines;
  }
}

/** A text without characters that could act on a terminal: clients of the server write into its log. */
function visible(text: string): string {
  return text.replace(
    /[^\P{Cc}\t\n]/gu,
    (character) => `\\x${character.codePointAt(0)!.toString(16).padStart(2, '0')}`,
  );
}

/** A pattern of CloudWatch Logs that matches a line with any of these texts. Source: Amazon CloudWatch Logs User Guide, "Filter pattern syntax". */
export function patternOf(markers: readonly string[]): string {
  return markers.map((marker) => `?"${marker.replace(/["\\]/g, '\\$&')}"`).join(' ');
}
