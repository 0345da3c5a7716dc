// Its types are for ES modules alone.
const { diffIndices } = require('node-diff3') as {
  diffIndices(a: readonly string[], b: readonly string[]): Difference[];
};

/** A place at which two texts differ. */
export interface Difference {
  /** The first line of the one text, from 0, and how many. */
  readonly buffer1: readonly [place: number, count: number];
  /** The lines of the other. */
  readonly buffer2Content: readonly string[];
}

/** Lines with their ends. */
export function toLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Where two texts differ, line by line. */
export function compareLines(one: string, other: string): Difference[] {
  return diffIndices(toLines(one), toLines(other));
}
