import { EXIT, ExitError } from '../../exit';

type Variables = Readonly<Record<string, string | undefined>>;

/** A mistake of a program's caller: in a variable, or in its words. */
export class WrongInput extends ExitError {
  readonly exitCode = EXIT.wrongInput;
}

/**
 * A variable whose value is of a pattern from beginning to end. Whoever runs this may be told anything, and all of it is
 * put into texts and commands.
 *
 * @param what what its value must be, for a message
 * @throws WrongInput for anything else
 */
export function variable(env: Variables, name: string, pattern: RegExp, what: string): string {
  const value = env[name] ?? '';
  if (!new RegExp(`^(?:${pattern.source})$`).test(value)) throw new WrongInput(`${name} must be ${what}.`);
  return value;
}

/** The same of a variable that may be left out, or empty. */
export function optionalVariable(env: Variables, name: string, pattern: RegExp, what: string): string | undefined {
  return env[name] ? variable(env, name, pattern, what) : undefined;
}

/** The names of environments that ENVIRONMENTS has, a list in JSON. */
export function environmentNames(env: Variables): string[] {
  return JSON.parse(variable(env, 'ENVIRONMENTS', /\["[a-z0-9-]+"(?:,"[a-z0-9-]+")*\]/, 'a list of names in JSON'));
}
