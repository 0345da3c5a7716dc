import { CATALOGUE, type Conventions, type Deployable, LATEST, STEPS, type Step } from '../../src/conventions';

/** Generations that nobody announced, each after the one before, with what upgrades must be able to carry. */

const sources = [{ what: 'nothing', at: 'invented' }];
const versions = { from: '1.0.0', below: '2.0.0' };
const { QUILT_REGISTRY_URL: registryUrl, ...derived } = LATEST.environment.derived;

/** A variable that is renamed, and a secret that is new. */
export const FUTURE: Deployable = {
  ...LATEST,
  id: 'g8a',
  title: 'invented: a renamed variable and a new secret',
  versions,
  dates: { from: '2030-01-01', to: '2030-12-31' },
  ranHere: [],
  image: { ...LATEST.image, defaultVersion: '1.0.0' },
  environment: { ...LATEST.environment, derived: { ...derived, QUILT_PLATFORM_URL: registryUrl! } },
  auth: {
    ...LATEST.auth,
    modes: {
      'jwt-secret': {
        meaning: 'tokens are signed with a secret',
        secret: { variable: 'SIGNING_KEY', meaning: 'what tokens are signed with', without: { fails: 'open' } },
      },
    },
  },
  sources,
};

/** Another path, another port and another module: what listens there cannot be changed in place. */
export const FAR_FUTURE: Deployable = {
  ...FUTURE,
  id: 'g8b',
  title: 'invented: another path and another port',
  versions: { from: '2.0.0' },
  dates: { from: '2031-01-01' },
  image: { ...FUTURE.image, defaultVersion: '2.0.0', shim: { ...FUTURE.image.shim!, module: 'quilt.server' } },
  endpoint: { port: 9000, path: '/quilt', otherSlash: 'a slash more is a 404' },
};

export const FUTURE_STEPS: readonly Step[] = [
  {
    from: LATEST.id,
    to: 'g8a',
    why: 'Invented.',
    changes: [
      {
        kind: 'rename',
        what: 'variable',
        name: 'QUILT_REGISTRY_URL',
        to: 'QUILT_PLATFORM_URL',
        why: 'it has more than a registry',
      },
      { kind: 'add', what: 'secret', name: 'SIGNING_KEY', why: 'tokens are signed with it' },
      { kind: 'rotate', what: 'secret', name: 'what the registry signs with', why: 'it is shared now' },
    ],
    rollOut: ['make the secret', 'deploy'],
    noRest: 'it is half of a move',
    goBack: 'deploy the revision of before',
    sources,
  },
  {
    from: 'g8a',
    to: 'g8b',
    why: 'Invented | again.',
    changes: [
      { kind: 'change', what: 'client', name: 'URL of the endpoint', from: '…/mcp', to: '…/quilt', why: 'it moved' },
      { kind: 'remove', what: 'resource', name: 'the log group', why: 'somebody else keeps the logs' },
      { kind: 'add', what: 'permission', name: 's3:GetObject of the task role', why: 'it reads' },
      { kind: 'change', what: 'setting', name: 'port', from: '8000', to: '9000', why: 'it moved' },
    ],
    rollOut: ['deploy', 'give clients the new URL'],
    goBack: 'give clients the old URL again',
    sources,
  },
];

/** Has the catalogue of this process know them, with their steps. */
export function inventFuture(): void {
  (CATALOGUE as Conventions[]).push(FUTURE, FAR_FUTURE);
  (STEPS as Step[]).push(...FUTURE_STEPS);
}
