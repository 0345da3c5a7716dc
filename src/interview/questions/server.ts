import { AUTH_MODES } from '../../conventions';
import type { Context, Question } from '../question';
import { always } from './context';

const AUTH_TITLES = {
  bearer: "bearer: the caller's token is passed to the Quilt registry, which checks it",
  'jwt-secret': 'jwt-secret: the server checks tokens with a secret',
  'enhanced-jwt': 'enhanced-jwt: the server checks tokens of the catalog with a secret',
};
/** Cases that each fits, by what clients have. */
const AUTH_FITS = {
  bearer: 'Choose it if people sign in at the catalog and give its token to their client.',
  'jwt-secret': 'Choose it if a service of yours signs tokens with a secret that it shares with the server.',
  'enhanced-jwt': 'Choose it if the catalog signs tokens with a secret that it shares with the server.',
};
const modesOf = ({ conventions }: Context) => AUTH_MODES.filter((mode) => conventions.auth.modes[mode]);
const hasSecret = ({ conventions, environment }: Context) =>
  conventions.auth.modes[environment.auth?.mode ?? 'bearer']?.secret !== undefined;

/** Authentication, and how many tasks run. */
export const SERVER: readonly Question[] = [
  {
    path: 'environments.*.auth.mode',
    kind: 'select',
    message: 'Authentication',
    choices: (context) => modesOf(context).map((value) => ({ value, title: AUTH_TITLES[value] })),
    hint: (context) =>
      modesOf(context)
        .map((mode) => `${mode}: ${context.conventions.auth.modes[mode]!.meaning}. ${AUTH_FITS[mode]}`)
        .join(' '),
    initial: (context) => context.previous?.auth?.mode ?? modesOf(context)[0],
    decision: true,
  },
  {
    path: 'environments.*.auth.secretArn',
    kind: 'text',
    message: 'Secret of the server',
    hint: secretHint,
    when: hasSecret,
    required: always,
  },
  {
    path: 'environments.*.capacity.desired',
    kind: 'number',
    message: 'Tasks',
    hint: ({ conventions }) => `Sessions stay at one task: ${conventions.sessions.why}.`,
    when: ({ conventions }) => conventions.sessions.stateful,
    initial: () => 1,
  },
];

/** Hint for a secret: its ARN is asked for, never its value. */
function secretHint({ conventions, environment }: Context): string {
  const { variable, meaning } = conventions.auth.modes[environment.auth?.mode ?? 'bearer']!.secret!;
  return `ARN of a Secrets Manager secret or of an SSM parameter, never the value itself; ${variable} is ${meaning}.`;
}
