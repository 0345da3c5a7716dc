/** GitHub's limit for the text of a pull request, an issue or a comment, in bytes, less room for headings. */
export const LONGEST = 60_000;

/** Control characters but tab and line feed. For Markdown a carriage return ends a line, too. */
const CONTROL = /[^\P{Cc}\t\n]/gu;

/** A text as a block of code that nothing in it can end. */
export function quoted(text: string): string {
  return linesOf(text.replace(CONTROL, ''))
    .map((line) => `    ${line}\n`)
    .join('');
}

/**
 * A text that ends with where the rest is, if it is too long for GitHub.
 *
 * @param rest what has all of it, as the beginning of a sentence
 */
export function shortened(text: string, rest: string, longest = LONGEST): string {
  let length = 0;
  const lines = linesOf(text);
  const kept = lines.filter((line) => {
    length += Buffer.byteLength(line) + 1;
    return length <= longest;
  });
  const more = kept.length < lines.length ? `\n… and more: ${rest} has all of it.\n` : '';
  return kept.map((line) => `${line}\n`).join('') + more;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
