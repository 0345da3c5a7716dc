import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** The most lines of another program's output that a message shows. */
export const LINES_SHOWN = 10;

/** Signs of a line that tells an error: a word in letters of any case, or a code of the system such as `ENOENT`. */
const TELLING = [
  /\b(error|fatal|failed|failure|exception|cannot|can't|could not|denied|refused|unauthorized|forbidden|not found|not ok)\b|[✗✖╷]/i,
  /\bE[A-Z]{4,}\b/,
];
/** Lines of a test report (TAP) on tests that passed, or have not ended. Their titles may have any word. */
const NOT_FAILED = /^\s*(ok \d|# Subtest:)/;
/** Rules and frames, and the frames of a stack that are not the user's. */
const EMPTY = /^[\s╷╵│─]*$|^\s+at .*node:internal/;

/**
 * Another program's output for a message: at most ten lines. If there is more, a file in the folder for temporary files
 * keeps all of it, and the last line names that file.
 *
 * @param name the beginning of the file's name, e.g. `npm-install`
 */
export function excerpt(name: string, output: string): string {
  const all = stripVTControlCharacters(output).trimEnd();
  const lines = telling(all);
  const shown = linesThatMatter(all);
  if (shown.length === lines.length) return shown.join('\n');
  const log = keepLog(name, all);
  return [...shown, ...(log === undefined ? [] : [`The whole output: ${log}`])].join('\n');
}

/** The lines of a program's output from the first that tells an error, at most ten; the last ten if none does. */
export function linesThatMatter(output: string): string[] {
  const lines = telling(stripVTControlCharacters(output));
  const last = Math.max(lines.length - LINES_SHOWN, 0);
  const first = lines.findIndex((line) => !NOT_FAILED.test(line) && TELLING.some((sign) => sign.test(line)));
  const start = first < 0 ? last : Math.min(first, last);
  return lines.slice(start, start + LINES_SHOWN);
}

/**
 * Keeps a text in a file that stays, in a folder of its own that only this user may read.
 *
 * @returns the file's path; undefined if it cannot be written
 */
export function keepLog(name: string, text: string): string | undefined {
  try {
    const file = join(mkdtempSync(join(realpathSync(tmpdir()), 'create-quilt-mcp-deploy-log-')), `${name}.log`);
    writeFileSync(file, `${text.trimEnd()}\n`);
    return file;
  } catch {
    return undefined; // a full or read-only disk: the excerpt is enough
  }
}

function telling(output: string): string[] {
  return output
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => !EMPTY.test(line));
}
