/** A line of text with a cursor between two letters, and the text that was cut last. */
export interface Line {
  readonly before: string;
  readonly after: string;
  readonly cut?: string;
}

/** A key as `readline` of Node.js names it, with the text that it types, if any. */
export interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly text?: string;
}

type Edit = (line: Line) => Line;

const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const SEGMENTER = new Intl.Segmenter();

/** The letters of a text, as a reader counts them: an emoji of several code points is one. */
export function letters(text: string): string[] {
  return [...SEGMENTER.segment(text)].map(({ segment }) => segment);
}

/** A line with the cursor at its end. */
export function lineOf(text: string): Line {
  return { before: text, after: '' };
}

/** Applies a key to a line; the same line if the key means nothing here. The keys are those of GNU readline. */
export function edit(line: Line, { name, ctrl, meta, text }: Key): Line {
  const known = EDITS[`${ctrl ? 'ctrl-' : ''}${meta ? 'alt-' : ''}${name}`];
  if (known) {
    return known(line);
  }
  const isTyped = text !== undefined && !ctrl && !meta && !CONTROL.test(text);
  return isTyped ? { ...line, before: line.before + text } : line;
}

/** Splits a text at the beginning of its last letter, word, …. */
type Split = (text: string) => readonly [string, string];

const lastLetter: Split = (text) => splitAt(text, text.length - (letters(text).at(-1)?.length ?? 0));
const firstLetter: Split = (text) => splitAt(text, letters(text)[0]?.length ?? 0);
const lastWord: Split = (text) => splitAt(text, text.search(/[\p{L}\p{N}]*[^\p{L}\p{N}]*$/u));
const firstWord: Split = (text) => splitAt(text, /^[^\p{L}\p{N}]*[\p{L}\p{N}]*/u.exec(text)![0].length);
const lastBetweenSpaces: Split = (text) => splitAt(text, text.search(/\S*\s*$/u));
const all: Split = (text) => ['', text];
const whole: Split = (text) => [text, ''];

function splitAt(text: string, index: number): readonly [string, string] {
  return [text.slice(0, index), text.slice(index)];
}

function left(split: Split): Edit {
  return ({ before, after, cut }) => {
    const [rest, passed] = split(before);
    return { before: rest, after: passed + after, cut };
  };
}

function right(split: Split): Edit {
  return ({ before, after, cut }) => {
    const [passed, rest] = split(after);
    return { before: before + passed, after: rest, cut };
  };
}

function cutLeft(split: Split): Edit {
  return ({ before, after, cut }) => {
    const [rest, taken] = split(before);
    return { before: rest, after, cut: taken || cut };
  };
}

function cutRight(split: Split): Edit {
  return ({ before, after, cut }) => {
    const [taken, rest] = split(after);
    return { before, after: rest, cut: taken || cut };
  };
}

const backspace: Edit = (line) => ({ ...cutLeft(lastLetter)(line), cut: line.cut });
const deleteLetter: Edit = (line) => ({ ...cutRight(firstLetter)(line), cut: line.cut });
const yank: Edit = (line) => ({ ...line, before: line.before + (line.cut ?? '') });

const EDITS: Readonly<Record<string, Edit>> = {
  left: left(lastLetter),
  'ctrl-b': left(lastLetter),
  'ctrl-left': left(lastWord),
  'alt-left': left(lastWord),
  'alt-b': left(lastWord),
  home: left(all),
  'ctrl-a': left(all),
  right: right(firstLetter),
  'ctrl-f': right(firstLetter),
  'ctrl-right': right(firstWord),
  'alt-right': right(firstWord),
  'alt-f': right(firstWord),
  end: right(whole),
  'ctrl-e': right(whole),
  backspace,
  delete: deleteLetter,
  'ctrl-d': deleteLetter,
  'ctrl-u': cutLeft(all),
  'ctrl-w': cutLeft(lastBetweenSpaces),
  'alt-backspace': cutLeft(lastWord),
  'ctrl-k': cutRight(whole),
  'alt-d': cutRight(firstWord),
  'ctrl-delete': cutRight(firstWord),
  'alt-delete': cutRight(firstWord),
  'ctrl-y': yank,
};
