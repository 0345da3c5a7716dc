import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Checkout } from './checkout';
import { prepareUpgrade } from './upgrade-preparation';
import { proposeUpgrade, reportUpgrade } from './upgrade-proposal';
import { WrongInput } from './variables';

const COMMANDS: Readonly<Record<string, (checkout: Checkout, folder: string) => Promise<void>>> = {
  prepare: prepareUpgrade,
  propose: proposeUpgrade,
  report: reportUpgrade,
};

/** Upgrades a repository, and proposes or reports what that changed: one job each, which share a folder. */
export async function upgrade(checkout: Checkout, words: readonly string[]): Promise<void> {
  const [command = '', folder, ...others] = words;
  const act = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (!act || folder === undefined || others.length > 0) {
    throw new WrongInput('Usage: node .github/scripts/upgrade.mjs prepare|propose|report FOLDER');
  }
  const path = resolve(checkout.root, folder);
  mkdirSync(path, { recursive: true });
  await act(checkout, path);
}
