/** One place in conflict, as it is marked. */
const PLACE =
  /^<{7} yours\r?\n([\s\S]*?)^\|{7} generated before\r?\n[\s\S]*?^={7}\r?\n([\s\S]*?)^>{7} generated now: .*\r?\n?/gm;

/** A text whose conflicts its owner solved. */
export function solve(text: string, way: 'mine' | 'generated' | 'both'): string {
  return text.replace(PLACE, (_, mine: string, generated: string) =>
    way === 'mine' ? mine : way === 'generated' ? generated : mine + generated,
  );
}
