import { type Change, stepsBetween } from '../conventions';
import { changeTitle } from '../conventions/labels';
import type { Explain } from './merge';
import type { Origin } from './merge-base';

/**
 * Says what caused a change of some lines: the changes of conventions since whose names appear in them, or else all that
 * changed since.
 */
export function explainChanges(now: Origin): (before: Origin | undefined) => Explain {
  return (before) => {
    if (before === undefined) {
      return () => `conventions ${now.conventions}`;
    }
    const steps = stepsBetween(before.conventions, now.conventions);
    const changes = steps.flatMap((step) => step.changes.map((change) => ({ step, change })));
    return (old, text) => {
      const named = changes.filter(({ change }) => wordsOf(change).some((word) => `${old}\n${text}`.includes(word)));
      return named.length > 0
        ? named.map(({ step, change }) => `${step.from} → ${step.to}, ${changeTitle(change)}`).join('; ')
        : whatMoved(before, now);
    };
  };
}

function wordsOf(change: Change): string[] {
  return change.kind === 'rename' ? [change.name, change.to] : [change.name];
}

function whatMoved(before: Origin, now: Origin): string {
  const moves = [
    ...(before.conventions === now.conventions ? [] : [`conventions ${before.conventions} → ${now.conventions}`]),
    ...(before.generator === now.generator ? [] : [`create-quilt-mcp-deploy ${before.generator} → ${now.generator}`]),
  ];
  return moves.length > 0 ? moves.join(', ') : 'the answers';
}
