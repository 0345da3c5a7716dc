import { Failed } from '../failed';

/** The option that takes a reason. */
const OPTION = '--unsigned';

/**
 * A reason as a file and a summary can say it; undefined if none is given.
 *
 * @throws Failed for anything else
 */
export function checkedReason(reason: unknown): string | undefined {
  if (reason === undefined) return undefined;
  if (typeof reason !== 'string' || !/^(?!--)(?!.* --)(?=.*\S)[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,200}$/u.test(reason)) {
    // Invisible characters could show its approver another text.
    throw new Failed(
      `${OPTION} takes a reason: one line of 1 to 200 characters that can be seen, after all other options.`,
    );
  }
  return reason;
}
