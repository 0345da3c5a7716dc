import { isObject, valueAt } from '../config/paths';
import type { Problem } from '../config/problem';
import { validAnswers } from '../model/checks';
import { contextOf, isAnswered, isRequired, ruleOf, type Turn, walk } from './turns';

/**
 * Missing answers without a default, in the order of the questions. If there is no environment, `<name>` stands for
 * one.
 */
export function missingAnswers(answers: object): Problem[] {
  return missingSteps(answers).map((step) => {
    const { message, source } = step.question;
    const rule = ruleOf(step, contextOf(answers, answers, step.environment)) ?? message;
    return { path: step.path.join('.'), message: `is missing: ${rule}${source === undefined ? '' : `. ${source}`}` };
  });
}

/** Problems of incomplete answers that would remain if the missing ones were given. */
export function wrongAnswers(answers: object): Problem[] {
  const missing = missingSteps(answers).map(({ path }) => path);
  const isIncomplete = (place: string) => missing.some((path) => `${path.join('.')}.`.startsWith(`${place}.`));
  return validAnswers(answers).problems.filter(({ path, found }) => {
    const value = valueAt(answers, path === '' ? [] : path.split('.'));
    // An object with a missing part is reported as a whole, too; a wrong key comes without a value.
    return value !== undefined && !(isObject(value) && found !== undefined && isIncomplete(path));
  });
}

function missingSteps(answers: object): Turn[] {
  return [...walk(() => answers)].filter((step) => {
    const context = contextOf(answers, answers, step.environment);
    const applies = step.question.when?.(context) ?? true;
    return applies && !isAnswered(answers, step.path) && isRequired(step, context);
  });
}
