import { applyEdits, type FormattingOptions, modify } from 'jsonc-parser';

import type { Path } from './places';

/** One answer to set; undefined takes it away. */
export interface Edit {
  readonly path: Path;
  readonly value: unknown;
}

/** The text of a JSON file with some values set, and everything else as its owner wrote it. */
export function editJson(text: string, edits: readonly Edit[]): string {
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? '  ';
  const formattingOptions: FormattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  return edits.reduce(
    (current, { path, value }) => applyEdits(current, modify(current, [...path], value, { formattingOptions })),
    text,
  );
}
