import { EXIT, ExitError } from '../exit';
import { looksSecret } from './secrets';

/**
 * One thing that is wrong with the answers, in the words that its reader needs to mend it.
 */
export interface Problem {
  /** Path in the answers, as keys joined by dots: `environments.dev.routing.priority`. Empty for the whole file. */
  readonly path: string;
  /** The value, cut to one line; undefined if there is none. */
  readonly found?: string;
  /** The rule, and the remedy: one line. */
  readonly message: string;
}

/**
 * Thrown when answers cannot be used. Carries every problem at once, so that one round of editing is enough.
 */
export class AnswersError extends ExitError {
  override readonly name = 'AnswersError';
  readonly exitCode = EXIT.wrongInput;

  /**
   * @param source origin of the answers, in the owner's words: a file's name, or `the answers`
   * @param problems at least one
   * @param remedy remedy for all of them, if there is one
   */
  constructor(
    readonly source: string,
    readonly problems: readonly Problem[],
    remedy?: string,
  ) {
    super(formatProblems(source, problems) + (remedy ? `\n\n${remedy}` : ''));
  }
}

/** The message of an {@link AnswersError}: a headline that counts, then place, value and remedy of each problem. */
function formatProblems(source: string, problems: readonly Problem[]): string {
  const places = problems.map(({ path }) => shortPlace(path) || '(the whole file)');
  const width = Math.min(48, Math.max(...places.map((place) => place.length)));
  const blocks = problems.map(({ found, message }, index) => {
    const place = found === undefined ? places[index] : `${places[index]!.padEnd(width)}  ${found}`;
    return `  ${place}\n    ${message}`;
  });
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${source}: ${count}, nothing written\n\n${blocks.join('\n')}`;
}

/** A place of at most 160 characters, with its beginning and its end: a name may have thousands. */
function shortPlace(path: string): string {
  return path.length > 160 ? `${path.slice(0, 100)}…${path.slice(-59)}` : path;
}

/** Placeholder for a secret: messages end up in logs. */
export const HIDDEN = '(not shown)';

/** A value from the answers on one line, cut to 60 characters; a text that looks like a secret is not shown. */
export function describeValue(value: unknown): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))).replace(/\p{C}+/gu, ' ');
  if (looksSecret(text) !== undefined) {
    return HIDDEN;
  }
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
