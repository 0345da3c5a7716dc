import { type Change, isAlternative, STEPS, type Step, stepsBetween } from '../conventions';
import { changeTitle, stepTitle } from '../conventions/labels';
import { sourceItems } from './conventions-entry';
import { type Block, item, paragraph, rows, type TextSection } from './text-blocks';

export type StepDirection = 'forward' | 'backward' | 'none';

/** The steps between two generations, in the order in which one takes them, or takes them back. */
export function stepsOf(a: string, b: string): { readonly direction: StepDirection; readonly steps: readonly Step[] } {
  const forward = stepsBetween(a, b);
  if (forward.length > 0) {
    return { direction: 'forward', steps: forward };
  }
  const back = [...stepsBetween(b, a)].reverse();
  return { direction: back.length > 0 ? 'backward' : 'none', steps: back };
}

/** The steps from one generation to another. */
export function stepSections(a: string, b: string, direction: StepDirection, steps: readonly Step[]): TextSection[] {
  if (direction === 'none') {
    return a === b ? [] : [{ title: 'Steps', blocks: [paragraph(`None leads from ${a} to ${b}, or back.`)] }];
  }
  const position = (index: number) => `step ${index + 1} of ${steps.length}`;
  if (direction === 'forward') {
    return [
      { title: 'Steps', blocks: [] },
      ...steps.map((step, index) => ({ title: `${stepTitle(step)}, ${position(index)}`, blocks: forward(step) })),
    ];
  }
  return [
    {
      title: 'Steps',
      blocks: [
        paragraph(
          `They lead the other way, from ${b} to ${a}. What follows is how each is taken back, the last one first.`,
        ),
      ],
    },
    ...steps.map((step, index) => ({
      title: `From ${step.to} back to ${step.from}, ${position(index)}`,
      blocks: backward(step),
    })),
  ];
}

/** The way back from a step, and whether a deployment may stay there. */
function backward({ from, goBack }: Step): Block[] {
  const noRest = STEPS.find(({ to }) => to === from)?.noRest;
  return [paragraph(goBack), ...(noRest === undefined ? [] : [item('No resting point', noRest)])];
}

/** A step with all its facts. */
export function stepSection(step: Step): TextSection {
  return {
    title: isAlternative(step.to) ? stepTitle(step) : `Step from ${step.from} to ${step.to}`,
    blocks: [...forward(step), item('Sources', ...sourceItems(step.sources))],
  };
}

/** The way forward of a step. */
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
