import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { conventionsPage } from '../../../../generators/docs/conventions-page';
import { loadTemplates } from '../../../../generators/templates';
import { FOLDER, ownPages } from '../../../../scripts/conventions-pages';
import { CATALOGUE, type Conventions, STEPS } from '../../../../src/conventions';
import { ANSWER_OF, RESOURCES } from '../../../../src/conventions/labels';
import { BARE, FULL } from '../../../support/conventions';
import { anchors, codeSpans, links, prose, tables } from '../../../support/markdown';

const PAGES = ownPages();
const templates = loadTemplates(join(__dirname, '../../../../templates'));
const pages = CATALOGUE.map(({ id }) => id);
const pageOf = (entry: Conventions) => conventionsPage(entry, templates, { origin: 'Origin.', pages });

const ALL = [...CATALOGUE, BARE, FULL];
const EVERY_PAGE = [...PAGES, ...[BARE, FULL].map((entry) => ({ name: `${entry.id}.md`, content: pageOf(entry) }))];

describe('docs/conventions', () => {
  it('docs/conventions has a page for each generation, and no other', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(PAGES.map(({ name }) => name).sort());
    expect(PAGES.map(({ name }) => name)).toEqual(['README.md', ...CATALOGUE.map(({ id }) => `${id}.md`)]);
  });

  it.each(PAGES)('docs/conventions/$name is what the catalogue makes; else run: npm run docs', ({ name, content }) => {
    expect(readFileSync(join(FOLDER, name), 'utf8')).toBe(content);
  });
});

describe('a page', () => {
  it.each(ALL)('the conventions page of $id has all that the catalogue says of it, and of its steps', (entry) => {
    const text = plain(pageOf(entry));
    const steps = STEPS.filter(({ from, to }) => [from, to].includes(entry.id));
    const wanted = [entry, ...steps].flatMap((tree) => leaves(tree));
    expect(wanted.filter((leaf) => !text.includes(leaf))).toEqual([]);
  });

  it.each(ALL)('the conventions page of $id has the facts of tables in cells of their own', (entry) => {
    const cells = tables(pageOf(entry))
      .flat()
      .map((row) => codeSpans(row[0]!)[0]);
    const names = Object.values(entry.environment).flatMap((variables) => Object.keys(variables));
    expect(names.filter((name) => !cells.includes(name))).toEqual([]);
  });

  it.each(EVERY_PAGE)('the conventions page $name has tables whose rows are as long as their header', ({ content }) => {
    for (const table of tables(content)) {
      expect(table.length).toBeGreaterThan(1);
      expect(table.filter((row) => row.length !== table[0]!.length)).toEqual([]);
    }
    // Every line that begins like a row is one of a table.
    const rows = prose(content).match(/^\|/gm)?.length ?? 0;
    expect(tables(content).reduce((sum, table) => sum + table.length + 1, 0)).toBe(rows);
  });

  it.each(EVERY_PAGE)('the conventions page $name has no link that leads nowhere', ({ content }) => {
    for (const { target } of links(content)) {
      const [path, anchor] = target.split('#') as [string, string?];
      expect(path === '' || existsSync(join(FOLDER, path)), target).toBe(true);
      expect(anchor === undefined || anchors(content).includes(anchor), target).toBe(true);
    }
  });

  it.each(EVERY_PAGE)('the conventions page $name has nothing unresolved, and no untidy white space', ({ content }) => {
    expect(content).not.toMatch(/undefined|\[object Object\]|\{\{|NaN|\bnull\b/);
    expect(content).not.toMatch(/[ \t]$/m);
    expect(content).not.toMatch(/\n\n\n/);
    expect(content).not.toMatch(/^#{2,} .*\n+#{1,2} /m);
    expect(content).not.toMatch(/\.\.(?:\s|$)/m);
    expect(content).toMatch(/[^\n]\n$/);
  });

  it('a conventions page links to no page that is not beside it', () => {
    for (const entry of ALL) {
      const page = conventionsPage(entry, templates, { origin: 'Origin.', pages: [] });
      expect(links(page).filter(({ target }) => !target.startsWith('#'))).toEqual([]);
    }
  });
});

/** What a reader sees of Markdown, in one line. */
function plain(markdown: string): string {
  return markdown
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/\\([\\`*_{}[\]<>|~&#+.)-])/g, '$1')
    .replace(/\s+/g, ' ');
}

/** Every text and number of a tree as a page says it; what is said in other words is left out. */
function leaves(tree: unknown, key = ''): string[] {
  if (typeof tree === 'object' && tree !== null) {
    return Object.entries(tree).flatMap(([name, inner]) => leaves(inner, Array.isArray(tree) ? key : name));
  }
  const text = String(tree);
  if (
    tree === null ||
    typeof tree === 'boolean' ||
    ['fails', 'publicSecret', 'seen'].includes(key) ||
    text === 'emitted'
  ) {
    return [];
  }
  const words: Readonly<Record<string, Readonly<Record<string, string>>>> = { on: RESOURCES, from: ANSWER_OF };
  return [words[key]?.[text] ?? text];
}
