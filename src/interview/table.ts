import { widthOf, wordRows } from './layout';
import type { Row } from './prompt';

const GAP = 2;
/** A value with fewer columns than this goes below its label. */
const NARROWEST = 24;

/** A table as rows of a width: values beside their labels, or below them if there is no room. */
export function tableRows(rows: readonly Row[], width: number): string[] {
  const labels = Math.max(0, ...rows.map(([label]) => widthOf(label))) + GAP;
  const isNarrow = width - labels < NARROWEST;
  return rows.flatMap(([label, value]) => {
    if (isNarrow)
      return [...wordRows(label, width), ...wordRows(value, width - GAP).map((row) => ' '.repeat(GAP) + row)];
    const [first = '', ...more] = wordRows(value, width - labels);
    return [`${label}${' '.repeat(labels - widthOf(label))}${first}`, ...more.map((row) => ' '.repeat(labels) + row)];
  });
}
