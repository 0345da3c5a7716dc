import { repositoryIdsCommand } from '../../config/repository-ids';
import { enumerate } from '../../conventions/labels';
import { type Context, NONE, type Question, type Suggestion } from '../question';

const PROVIDERS = 'oidcProviders';
const source = `${repositoryIdsCommand('OWNER/NAME')} prints it.`;

/** Roles of GitHub workflows. An account may have what they need already; nobody can look up the ids of the repository. */
export const WORKFLOWS: readonly Question[] = [
  {
    path: 'repository.ownerId',
    kind: 'number',
    message: "GitHub's id of the owner",
    hint: 'Each account has the identity provider of GitHub, so that workflows can have roles, which know this repository by two ids. Without these, workflows test, and act nowhere.',
    source,
    when: (context) => canHaveRoles(context) && !isClassic(context),
    required: mustHaveIds,
  },
  {
    path: 'repository.repositoryId',
    kind: 'number',
    message: "GitHub's id of the repository",
    hint: 'The other one of the two.',
    source,
    when: (context) => canHaveRoles(context) && hasOwner(context),
    required: mustHaveIds,
  },
  {
    path: PROVIDERS,
    kind: 'select',
    message: 'Roles of GitHub workflows',
    hint: (context) => {
      const without = enumerate(accountsWithout(context));
      return `Workflows publish, plan and deploy by roles, which trust the identity provider of GitHub in each account. ${without ? `There is none in account ${without}: the registry layer can make it.` : 'A provider that is not there is made.'}`;
    },
    choices: (context) => [
      {
        value: accountsOf(context.answers).join(', '),
        title: `in ${accountsOf(context.answers).join(', ')}${accountsWithout(context).length > 0 ? ': make the identity provider with the registry layer' : ''}`,
      },
      { value: NONE, title: 'none: workflows test, and act nowhere' },
    ],
    answer: (_, context) =>
      Object.fromEntries(
        accountsOf(context.answers).map((account) => [
          account,
          providerIn(context, account)?.value ?? { create: true },
        ]),
      ),
    when: hasIds,
    required: () => false,
    suggestion: providersOf,
    otherwise: { value: undefined, isNeverAsked: (context) => accountsWithout(context).length === 0 },
  },
];

function canHaveRoles(context: Context): boolean {
  return context.given(PROVIDERS) || providersOf(context)?.value !== undefined;
}

function mustHaveIds({ given }: Context): boolean {
  return given(PROVIDERS);
}

function isClassic({ answers }: Context): boolean {
  return answers.repository?.subject === 'classic';
}

function hasOwner(context: Context): boolean {
  return isClassic(context) || typeof context.answers.repository?.ownerId === 'number';
}

function hasIds(context: Context): boolean {
  return hasOwner(context) && typeof context.answers.repository?.repositoryId === 'number';
}

/** Accounts whose layers get roles: those of the environments, and that of a shared registry. */
function accountsOf({ environments = {} }: Context['answers']): string[] {
  const accounts = Object.values(environments).flatMap((one) => [
    one?.account,
    one?.registry?.scope === 'shared' ? one.registry.account : undefined,
  ]);
  return [...new Set(accounts)].filter((account) => account !== undefined);
}

/** The last that a reading says of the provider in an account: it, or that there is none. */
function providerIn({ suggestions }: Context, account: string): Suggestion | undefined {
  return suggestions.findLast(
    ({ path, value, candidates }) => path === `${PROVIDERS}.${account}` && (value ?? candidates) !== undefined,
  );
}

/** Accounts that have no provider, as a reading says. */
function accountsWithout(context: Context): string[] {
  return accountsOf(context.answers).filter((account) => providerIn(context, account)?.candidates !== undefined);
}

/** The providers, if a reading says of each account whether it has one. A value that would make one is for a person to choose. */
function providersOf(context: Context): Suggestion | undefined {
  const accounts = accountsOf(context.answers);
  const found = accounts.map((account) => providerIn(context, account));
  if (found.length === 0 || found.includes(undefined)) return undefined;
  const evidence = [...new Set(found.map((one) => one!.evidence))].join('; ');
  if (accountsWithout(context).length > 0) return { path: PROVIDERS, evidence };
  const value = Object.fromEntries(accounts.map((account, index) => [account, found[index]!.value]));
  return { path: PROVIDERS, value, evidence };
}
