/** One fenced code block. */
export interface Fence {
  readonly language: string;
  readonly content: string;
}

/** One link of a document: where it leads, as it stands there. */
export interface Link {
  readonly text: string;
  readonly target: string;
}

const FENCE = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;

/** The fenced code blocks of a document, without their indentation. */
export function fences(document: string): Fence[] {
  return [...document.matchAll(FENCE)].map(([, indent, language, content]) => ({
    language: language!,
    content: content!.replace(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/** What is prose: without fenced code. */
export function prose(document: string): string {
  return document.replace(FENCE, '');
}

/** The links of a document, but for those in code. */
export function links(document: string): Link[] {
  return [...withoutCode(prose(document)).matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)].map(([, text, target]) => ({
    text: text!,
    target: target!,
  }));
}

/** The anchors that GitHub gives to a document's headings. */
export function anchors(document: string): string[] {
  const seen = new Map<string, number>();
  return [...prose(document).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => {
    const slug = plain(heading!)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

/** The tables of a document: rows of cells, the header first, the delimiter row left out. */
export function tables(document: string): string[][][] {
  return [...prose(document).matchAll(/(?:^\|.*\|$\n?)+/gm)].map(([table]) =>
    table
      .trimEnd()
      .split('\n')
      .map((row) =>
        row
          .slice(1, -1)
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim()),
      )
      .filter((_, index) => index !== 1),
  );
}

/** The text of code spans: of any fence length, with the padding and the escaped pipes taken off. */
export function codeSpans(text: string): string[] {
  return [...text.matchAll(/(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g)].map(([, , content]) =>
    content!.replace(/\\\|/g, '|').replace(/^ (.*\S.*) $/s, '$1'),
  );
}

function withoutCode(text: string): string {
  return text.replace(/(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g, '');
}

function plain(markdown: string): string {
  return markdown.replace(/\\(.)/g, '$1').replace(/`/g, '');
}
