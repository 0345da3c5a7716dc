import { setTimeout as sleep } from 'node:timers/promises';

import { Failed } from './failed';

/** Time between two looks at something in AWS. Unit: milliseconds. */
const POLL_MS = 3000;

/**
 * Waits until it is time to look again.
 *
 * @param otherwise the state of the work if the waiting ends, as a sentence
 * @throws Failed if the signal ends the waiting
 */
export async function pause(signal: AbortSignal, otherwise: string): Promise<void> {
  try {
    await sleep(POLL_MS, undefined, { signal });
  } catch {
    throw new Failed(`Interrupted. ${otherwise}`);
  }
}
