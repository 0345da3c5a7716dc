import type { Context, Question } from '../question';

const isShared = ({ environment }: Context) => environment.registry?.scope === 'shared';

/** Questions about the images of an environment. */
export const IMAGES: readonly Question[] = [
  {
    path: 'environments.*.registry.scope',
    kind: 'select',
    message: 'Images in',
    choices: () => [
      { value: 'environment', title: 'an ECR repository of its own' },
      { value: 'shared', title: 'one ECR repository that environments share' },
    ],
    hint: "A repository of its own lets each environment's account hold what it runs. A shared one holds each image once.",
    initial: ({ previous }) => previous?.registry?.scope ?? 'environment',
    decision: true,
    asksAnew: ['environments.*.registry.account', 'environments.*.registry.region'],
  },
  {
    path: 'environments.*.registry.account',
    kind: 'text',
    message: 'AWS account of the shared repository',
    hint: '',
    when: isShared,
    known: (context) => sharedPlace(context)?.account,
    initial: ({ environment }) => environment.account,
  },
  {
    path: 'environments.*.registry.region',
    kind: 'text',
    message: 'AWS region of the shared repository',
    hint: '',
    when: isShared,
    known: (context) => sharedPlace(context)?.region,
    initial: ({ environment }) => environment.region,
  },
];

/**
 * Account and region of the shared repository, as another environment that shares it has answered: there is only one.
 */
function sharedPlace({ others }: Context): { readonly account: string; readonly region: string } | undefined {
  for (const { registry } of others) {
    if (registry?.scope === 'shared' && registry.account !== undefined && registry.region !== undefined) {
      return { account: registry.account, region: registry.region };
    }
  }
  return undefined;
}
