import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Checkout, run } from './checkout';

/** The repository, in GitHub's API: gh knows which one that is. */
export const REPOSITORY = 'repos/{owner}/{repo}';

/** Output of gh, without white space around it. gh must be logged in. */
export async function askGh(checkout: Checkout, ...words: readonly string[]): Promise<string> {
  return (await run(checkout, ['gh', ...words])).stdout.trim();
}

/** Has gh do something. What it says of that goes to the log. */
export async function gh(checkout: Checkout, ...words: readonly string[]): Promise<void> {
  await run(checkout, ['gh', ...words], { show: true });
}

/** Hands a text on as a file, which is gone afterwards: it may be too long for an argument. */
export async function asFile(text: string, use: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'text-'));
  const path = join(folder, 'text.md');
  try {
    writeFileSync(path, text);
    await use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
