import { readFileSync } from 'node:fs';

import { reportSync, type SyncOptions, syncTree } from '../../../src/project/sync';
import { Unwritable } from '../../../src/project/unwritable';
import type { Job } from './process';

// A sync in a process of its own: prints what it reports, or why it did nothing, and ends with 0, 3 or 4.
const [file = ''] = process.argv.slice(2);
const { root, origin, files } = JSON.parse(readFileSync(file, 'utf8')) as Job;
const options: SyncOptions = {
  root,
  origin,
  files: files.map((each) => ({ ...each, content: Buffer.from(each.content, 'base64') })),
  explain: () => () => 'upstream',
  ejected: [],
};
try {
  process.stdout.write(reportSync(syncTree(options)).join('\n'));
} catch (error) {
  process.stdout.write(String((error as Error).message));
  process.exitCode = error instanceof Unwritable ? 3 : 4;
}
