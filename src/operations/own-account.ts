import type { Aws } from './aws-cli';
import { Failed } from './failed';

/**
 * Checks that the credentials are for an environment's account: in another one, everything of it would seem gone.
 *
 * @throws Failed if they are not
 */
export async function requireAccount(
  aws: Aws,
  { name, account }: { readonly name: string; readonly account: string },
): Promise<void> {
  const { Account } = await aws<{ Account: string }>('sts', 'get-caller-identity');
  if (Account !== account) {
    throw new Failed(`The credentials are for the account ${Account}, and ${name} is in ${account}.`);
  }
}
