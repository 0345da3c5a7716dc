import type { Deployable, Step } from '../../src/conventions/schema';

/** Generations that nobody announced, each after the one before, with what upgrades must be able to carry. */
export interface Future {
  /** A variable that is renamed, and a secret that is new. */
  readonly near: Deployable;
  /** Another path, another port and another module: what listens there cannot be changed in place. */
  readonly far: Deployable;
  /** From the newest to the one, and from that to the other. */
  readonly steps: readonly [Step, Step];
}

const sources = [{ what: 'nothing', at: 'invented' }];

/** What might follow a generation. */
export function inventAfter(newest: Deployable): Future {
  const [registryVariable, registryUrl] = Object.entries(newest.environment.derived).find(
    ([, { from }]) => from === 'registryUrl',
  )!;
  const { [registryVariable]: _, ...derived } = newest.environment.derived;
  const near: Deployable = {
    ...newest,
    id: 'g8a',
    title: 'invented: a renamed variable and a new secret',
    versions: { from: '1.0.0', below: '2.0.0' },
    dates: { from: '2030-01-01', to: '2030-12-31' },
    ranHere: [],
    image: { ...newest.image, defaultVersion: '1.0.0' },
    environment: { ...newest.environment, derived: { ...derived, QUILT_PLATFORM_URL: registryUrl } },
    auth: {
      ...newest.auth,
      modes: {
        'jwt-secret': {
          meaning: 'tokens are signed with a secret',
          secret: { variable: 'SIGNING_KEY', meaning: 'what tokens are signed with', without: { fails: 'open' } },
        },
      },
    },
    // Nobody has run it.
    defects: newest.defects.map(({ seen: _seen, ...defect }) => defect),
    sources,
  };
  const far: Deployable = {
    ...near,
    id: 'g8b',
    title: 'invented: another path and another port',
    versions: { from: '2.0.0' },
    dates: { from: '2031-01-01' },
    image: { ...near.image, defaultVersion: '2.0.0', shim: { ...near.image.shim!, module: 'quilt.server' } },
    endpoint: { port: 9000, path: '/quilt', otherSlash: 'a slash more is a 404' },
  };
  const steps: readonly [Step, Step] = [
    {
      from: newest.id,
      to: near.id,
      why: 'Invented.',
      changes: [
        {
          kind: 'rename',
          what: 'variable',
          name: registryVariable,
          to: 'QUILT_PLATFORM_URL',
          why: 'it has more than a registry',
        },
        { kind: 'add', what: 'secret', name: 'SIGNING_KEY', why: 'tokens are signed with it' },
        { kind: 'rotate', what: 'secret', name: 'what the registry signs with', why: 'it is shared now' },
      ],
      rollOut: ['make the secret', 'deploy', 'see that POST without a token is 401'],
      noRest: 'it is half of a move',
      goBack: 'deploy the revision of before',
      sources,
    },
    {
      from: near.id,
      to: far.id,
      why: 'Invented | again.',
      changes: [
        { kind: 'change', what: 'client', name: 'URL of the endpoint', from: '…/mcp', to: '…/quilt', why: 'it moved' },
        { kind: 'remove', what: 'resource', name: 'the log group', why: 'somebody else keeps the logs' },
        { kind: 'add', what: 'permission', name: 's3:GetObject of the task role', why: 'it reads' },
        { kind: 'change', what: 'setting', name: 'port', from: '8000', to: '9000', why: 'it moved' },
      ],
      rollOut: ['deploy', 'see that POST without a token is 401', 'give clients the new URL'],
      goBack: 'give clients the old URL again',
      sources,
    },
  ];
  return { near, far, steps };
}
