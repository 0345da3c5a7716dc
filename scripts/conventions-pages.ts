import { join } from 'node:path';

import { conventionsPages, type Page } from '../generators/docs/conventions-page';
import { loadTemplates } from '../generators/templates';

const ROOT = join(__dirname, '..');

/** Folder of this project's reference pages on the conventions. */
export const FOLDER = join(ROOT, 'docs/conventions');

/** The reference pages as they should be there. */
export function ownPages(): Page[] {
  return conventionsPages(
    loadTemplates(join(ROOT, 'templates')),
    '`npm run docs` writes this page from [src/conventions](../../src/conventions): change it there.',
  );
}
