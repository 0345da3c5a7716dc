import { CALLS, type CallName } from '../discovery/calls';
import { readCatalog } from '../discovery/catalog';
import type { Ask } from '../discovery/reader';
import { readAccount, type Start } from '../discovery/reading';
import type { Catalog, Snapshot } from '../discovery/snapshot';
import { cutRows } from '../interview/layout';
import { askByCli } from '../operations/aws-reading';
import type { Console } from './console';
import { UsageError } from './usage-error';

/** Options of the commands that read an account. */
export interface ReadingOptions {
  readonly profile?: string;
  readonly 'role-arn'?: string;
  readonly verbose: boolean;
}

/** A console whose programs take a profile of the AWS CLI, if one is named. */
export function withProfile<T extends Pick<Console, 'env'>>(console: T, profile: string | undefined): T {
  return profile === undefined ? console : { ...console, env: { ...console.env, AWS_PROFILE: profile } };
}

/** The caller's environment, and the place for progress. */
export interface Out {
  readonly env: NodeJS.ProcessEnv;
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
}

const FETCH_MS = 15_000;

/**
 * Reads an account by the AWS CLI, with a line on the terminal that counts the calls.
 *
 * @throws NoAccess if the AWS CLI cannot be asked
 */
export async function readByCli(
  start: Start,
  { profile, 'role-arn': roleArn, verbose }: ReadingOptions,
  { env, stderr }: Out,
  signal: AbortSignal,
): Promise<Snapshot> {
  const onCall = verbose ? (command: string) => stderr.write(`  ${command}\n`) : undefined;
  const ask = await askByCli({ cwd: process.cwd(), env, region: start.region, profile, roleArn, signal, onCall });
  const isShown = stderr.isTTY && !verbose;
  try {
    return await readAccount(isShown ? counted(ask, stderr) : ask, start, new Date());
  } finally {
    if (isShown) stderr.write(CLEAR);
  }
}

const CLEAR = '\r\u001b[K';

/** The same asker, with a row for the last call, in the place of the one before. */
export function counted(ask: Ask, stderr: Out['stderr']): Ask {
  let calls = 0;
  return (name: CallName, input) => {
    calls += 1;
    const text = `  reading the account: ${calls} calls, aws ${CALLS[name].service} ${CALLS[name].operation}`;
    // A row that the terminal wraps would stay. The last column stays empty: some terminals wrap after it.
    const [row] = cutRows(text, (stderr.columns || Number.POSITIVE_INFINITY) - 1);
    stderr.write(CLEAR + row);
    return ask(name, input);
  };
}

/**
 * The catalog at a URL that somebody typed.
 *
 * @throws UsageError if it is none, CatalogError if it cannot be read
 */
export function catalogAt(typed: string, signal: AbortSignal): Promise<Catalog> {
  const url = /^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`${JSON.stringify(typed)} is not the URL of a catalog, such as https://quilt.example.com`);
  }
  return readCatalog(url, async (place) => {
    const response = await fetch(place, { signal: AbortSignal.any([signal, AbortSignal.timeout(FETCH_MS)]) });
    return { status: response.status, text: await response.text() };
  });
}
