import { type Difference, type Fact, TOPICS, type Topic } from '../conventions/difference';
import { type Block, item, type TextSection } from './text-blocks';

/** Differences of two generations, by topic. */
export function differenceSections(differences: readonly Difference[]): TextSection[] {
  return (Object.keys(TOPICS) as Topic[]).map((topic) => ({
    title: TOPICS[topic],
    blocks: differences.filter((one) => one.topic === topic).map(differenceBlock),
  }));
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

type Says = Fact['says'];

function differenceBlock(one: Difference): Block {
  const head = `${SIGNS[one.kind]} ${one.name}`;
  return one.kind === 'changed' ? changed(head, one.from, one.to) : whole(head, one.says);
}

/** A fact that comes or goes: its class and its value beside its name, the rest below. */
function whole(head: string, { class: className, value, ...rest }: Says): Block {
  const withClass = className === undefined ? head : `${head}, ${className}`;
  return item(
    value === undefined ? withClass : `${withClass}: ${value}`,
    ...Object.entries(rest).map(([property, text]) => item(`${property}: ${text}`)),
  );
}

/** A fact that changes: each changed property, before and after. */
function changed(head: string, from: Says, to: Says): Block {
  const all = Object.keys({ class: '', value: '', ...from, ...to });
  const properties = all.filter((property) => from[property] !== to[property]);
  const label = (property: string) => (properties.length === 1 && property === 'value' ? '' : `${property}: `);
  const side = (sign: string, says: Says, property: string): Block[] =>
    says[property] === undefined ? [] : [item(`${sign} ${label(property)}${says[property]}`)];
  return item(
    to.class !== undefined && to.class === from.class ? `${head}, ${to.class}` : head,
    ...properties.flatMap((property) => [...side('-', from, property), ...side('+', to, property)]),
  );
}
