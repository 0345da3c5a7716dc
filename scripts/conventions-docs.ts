import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { FOLDER, ownPages } from './conventions-pages';

/** Writes the reference pages of the conventions; one of a generation that is no more goes. */
function main(): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, content } of ownPages()) {
    writeFileSync(join(FOLDER, name), content);
  }
}

main();
