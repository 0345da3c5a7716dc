import type { Finding } from '../discovery/findings';

/** A finding in lines of text: the fact with its evidence, the effect, and the remedy. */
export function findingLines({ severity, text, effect, remedy, evidence }: Finding): string[] {
  return [`${severity === 'error' ? '✗' : '!'} ${text} (${evidence})`, `  ${effect}`, `  ${remedy}`];
}
