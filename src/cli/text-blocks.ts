/** A piece of plain text that is laid out for a terminal. */
export type Block =
  /** A paragraph. */
  | { readonly kind: 'paragraph'; readonly text: string }
  /** Cells below one another; the last column wraps. */
  | { readonly kind: 'rows'; readonly rows: readonly (readonly string[])[] }
  /** A line with more about it below, indented. */
  | { readonly kind: 'item'; readonly head: string; readonly body: readonly Block[] };

/** Blocks below a title. */
export interface TextSection {
  readonly title: string;
  readonly blocks: readonly Block[];
}

const INDENT = '  ';
const GAP = '  ';

const WIDEST = 100;
const NARROWEST = 40;

/** Width of a text for a terminal. */
export function textWidth({ columns = WIDEST }: { readonly columns?: number }): number {
  return Math.max(NARROWEST, Math.min(columns, WIDEST));
}

export function paragraph(text: string): Block {
  return { kind: 'paragraph', text };
}

export function rows(...cells: readonly (readonly string[])[]): Block {
  return { kind: 'rows', rows: cells };
}

/** @param body blocks, or texts, which are paragraphs */
export function item(head: string, ...body: readonly (Block | string)[]): Block {
  return {
    kind: 'item',
    head,
    body: body.map((block) => (typeof block === 'string' ? paragraph(block) : block)),
  };
}

/** Sections below one another, each line at most `width` wide but for words that are longer. A section without blocks is left out. */
export function formatSections(sections: readonly TextSection[], width: number): string {
  return sections
    .filter(({ blocks }) => blocks.length > 0)
    .map(({ title, blocks }) => [...wrap(title, width), ...formatBlocks(blocks, width, INDENT)].join('\n'))
    .join('\n\n');
}

/** @param indent prefix of every line; it counts as width */
export function formatBlocks(blocks: readonly Block[], width: number, indent = ''): string[] {
  return blocks.flatMap((block) => formatBlock(block, width, indent));
}

function formatBlock(block: Block, width: number, indent: string): string[] {
  switch (block.kind) {
    case 'paragraph':
      return wrap(block.text, width, indent);
    case 'rows':
      return formatRows(block.rows, width, indent);
    case 'item':
      return [
        ...wrap(block.head, width, indent, `${indent}${INDENT}`),
        ...formatBlocks(block.body, width, `${indent}${INDENT}${INDENT}`),
      ];
  }
}

function formatRows(cells: readonly (readonly string[])[], width: number, indent: string): string[] {
  const columns = Math.max(...cells.map(({ length }) => length));
  const widths = Array.from({ length: columns - 1 }, (_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  );
  return cells.flatMap((row) => {
    const head = widths.map((cellWidth, column) => `${(row[column] ?? '').padEnd(cellWidth)}${GAP}`).join('');
    return wrap(row[columns - 1] ?? '', width, indent + head, indent + ' '.repeat(head.length));
  });
}

/**
 * Lines of a text, broken at spaces only, so that a longer word can still be copied.
 *
 * @param first prefix of the first line
 * @param rest prefix of the others
 */
export function wrap(text: string, width: number, first = '', rest = first): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].map((full) => full.trimEnd());
}
