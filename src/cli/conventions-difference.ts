import { type Difference, TOPICS, type Topic } from '../conventions/difference';
import { type Block, item, type Section } from './text';

/** What moves, topic by topic. */
export function differenceSections(differences: readonly Difference[]): Section[] {
  return (Object.keys(TOPICS) as Topic[]).map((topic) => ({
    title: TOPICS[topic],
    blocks: differences.filter((one) => one.topic === topic).map(differenceBlock),
  }));
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

function differenceBlock(one: Difference): Block {
  const head = `${SIGNS[one.kind]} ${one.name}`;
  if (one.kind !== 'changed') {
    const { value, class: className, ...rest } = one.says;
    return item(
      `${head}${className === undefined ? '' : `, ${className}`}${value === undefined ? '' : `: ${value}`}`,
      ...Object.entries(rest).map(([property, text]) => `${property}: ${text}`),
    );
  }
  const { from, to } = one;
  const properties = Object.keys({ ...from, ...to }).filter((property) => from[property] !== to[property]);
  const side = (sign: string, says: typeof from) => (property: string) =>
    says[property] === undefined
      ? []
      : [item(`${sign} ${property === 'value' ? '' : `${property}: `}${says[property]}`)];
  const className = from.class !== undefined && from.class === to.class ? `, ${to.class}` : '';
  return item(
    `${head}${className}`,
    ...properties.flatMap((property) => [...side('-', from)(property), ...side('+', to)(property)]),
  );
}
