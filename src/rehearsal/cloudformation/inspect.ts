import { attributeNamed, callIn, placeholders, substitution } from './calls';
import { CONDITION_FUNCTIONS, FUNCTIONS_AT, type Position, VALUE_FUNCTIONS } from './functions';
import { isTemplateObject, splitAttribute, type TemplateValue } from './template';

/** References of a value, at any depth. */
export interface References {
  readonly refs: string[];
  readonly attributes: [string, string][];
  readonly conditions: string[];
  readonly problems: string[];
}

/** Finds the references of a value, and problems of its functions as written. */
export function inspect(value: TemplateValue, place: Position): References {
  const found: References = { refs: [], attributes: [], conditions: [], problems: [] };
  walk(value, place, found);
  return found;
}

function walk(value: TemplateValue, place: Position, found: References): void {
  if (Array.isArray(value)) {
    for (const member of value) walk(member, place, found);
    return;
  }
  if (typeof value === 'string' && value.includes('{{resolve:')) {
    found.problems.push(`dynamic references are not resolved here: ${value}`);
  }
  if (!isTemplateObject(value)) return;
  let call: ReturnType<typeof callIn>;
  try {
    call = callIn(value, place === 'value' ? undefined : 'Condition');
  } catch (error) {
    found.problems.push((error as Error).message);
    return;
  }
  if (!call) {
    for (const member of Object.values(value)) walk(member, place, found);
    return;
  }
  const { name, argument } = call;
  const known = (FUNCTIONS_AT[place] as readonly string[]).includes(name);
  const problem = known
    ? (VALUE_FUNCTIONS[name] ?? CONDITION_FUNCTIONS[name])!.problem(argument)
    : `is no function that may stand in a ${place}`;
  if (problem) {
    found.problems.push(`${name} ${problem}`);
    return;
  }
  if (name === 'Ref') found.refs.push(argument as string);
  else if (name === 'Condition') found.conditions.push(argument as string);
  else if (name === 'Fn::GetAtt') found.attributes.push(attributeNamed(argument)!);
  else if (name === 'Fn::Sub') walkSubstitution(argument, place, found);
  else if (name === 'Fn::If') {
    const [condition, ...branches] = argument as TemplateValue[];
    found.conditions.push(condition as string);
    walk(branches, place, found);
  } else walk(argument, place, found);
}

function walkSubstitution(argument: TemplateValue, place: Position, found: References): void {
  const { text, values } = substitution(argument)!;
  for (const name of placeholders(text).filter((candidate) => !Object.hasOwn(values, candidate))) {
    if (name.includes('.')) found.attributes.push(splitAttribute(name) as [string, string]);
    else found.refs.push(name);
  }
  walk(Object.values(values), place, found);
}
