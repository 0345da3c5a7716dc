import { CATALOGUE, type Change, STEPS, type Step, stepsBetween } from '../conventions';
import { changeTitle } from '../conventions/words';
import { sourceItems } from './conventions-entry';
import { type Block, item, paragraph, rows, type Section } from './text';

export type Direction = 'forward' | 'backward' | 'none';

/** The steps between two generations, in the order in which one takes them, or takes them back. */
export function stepsOf(a: string, b: string): { readonly direction: Direction; readonly steps: readonly Step[] } {
  const ids = CATALOGUE.map(({ id }) => id);
  if (a === b) {
    return { direction: 'none', steps: [] };
  }
  return ids.indexOf(a) < ids.indexOf(b)
    ? { direction: 'forward', steps: stepsBetween(a, b) }
    : { direction: 'backward', steps: [...stepsBetween(b, a)].reverse() };
}

/** How one gets from a generation to another. */
export function stepSections(a: string, b: string, direction: Direction, steps: readonly Step[]): Section[] {
  if (direction === 'none') {
    return [];
  }
  if (steps.length === 0) {
    return [{ title: 'Steps', blocks: [paragraph(`None is known between ${a} and ${b}.`)] }];
  }
  const position = (index: number) => `step ${index + 1} of ${steps.length}`;
  const gap = leadThrough(steps, direction, a, b)
    ? []
    : ['The catalogue has steps for a part of the way only, and these are they.'];
  if (direction === 'forward') {
    return [
      { title: 'Steps', blocks: gap.map(paragraph) },
      ...steps.map((step, index) => ({
        title: `From ${step.from} to ${step.to}, ${position(index)}`,
        blocks: forward(step),
      })),
    ];
  }
  return [
    {
      title: 'Steps',
      blocks: [
        paragraph(
          `They lead the other way, from ${b} to ${a}. What follows is how each is taken back, the last one first.`,
        ),
        ...gap.map(paragraph),
      ],
    },
    ...steps.map((step, index) => ({
      title: `From ${step.to} back to ${step.from}, ${position(index)}`,
      blocks: backward(step),
    })),
  ];
}

/** Whether steps lead from one generation to another without a gap. */
export function leadThrough(steps: readonly Step[], direction: Direction, a: string, b: string): boolean {
  const ends = steps.map(({ from, to }) => (direction === 'forward' ? [from, to] : [to, from]));
  const stops = [a, ...ends.map(([, end]) => end)];
  return stops.at(-1) === b && ends.every(([start], index) => start === stops[index]);
}

/** How a step is taken back, and whether one may stay where that leads. */
function backward({ from, goBack }: Step): Block[] {
  const noRest = STEPS.find(({ to }) => to === from)?.noRest;
  return [paragraph(goBack), ...(noRest === undefined ? [] : [item('No resting point', noRest)])];
}

/** A step, with all that there is of it. */
export function stepSection(step: Step): Section {
  return {
    title: `Step from ${step.from} to ${step.to}`,
    blocks: [...forward(step), item('Sources', ...sourceItems(step.sources))],
  };
}

/** How a step is taken. */
function forward({ why, changes, rollOut, noRest, goBack }: Step): Block[] {
  return [
    paragraph(why),
    ...(changes.length === 0 ? [] : [item('What moves', ...changes.map(changeItem))]),
    item('Roll-out', rows(...rollOut.map((text, index) => [`${index + 1}.`, text]))),
    ...(noRest === undefined ? [] : [item('No resting point', noRest)]),
    item('To go back', goBack),
  ];
}

function changeItem(change: Change): Block {
  const fromTo = change.kind === 'change' ? [rows(['from', change.from], ['to', change.to])] : [];
  return item(changeTitle(change), ...fromTo, change.why);
}
