import type { Conventions } from '../../src/conventions';

/** A generation with as little in it as the schema allows, which none of the catalogue may be yet. */
export const BARE: Conventions = {
  id: 'g9z',
  title: 'bare',
  summary: 'Bare.',
  versions: null,
  dates: { from: '2020-01-01', to: '2020-01-02' },
  support: { kind: 'recognised', why: 'Nothing runs.', instead: 'Take another.' },
  ranHere: [],
  image: { repositories: [], defaultVersion: null, bakes: {}, user: 'root', hasCurl: false, python: '3', packages: {} },
  endpoint: { port: 1, path: '/a', otherSlash: 'is a 404.' },
  environment: { fixed: {}, derived: {}, optional: {}, dead: {}, dangerous: {} },
  auth: { modes: {}, anonymous: 200, garbage: 200, meaning: 'Nobody is asked.' },
  secrets: { readBy: 'nobody' },
  iam: { executionRole: [], taskRole: [], why: 'None.' },
  sessions: { stateful: true, why: 'memory', off: { variable: 'SESSIONS', value: 'off' } },
  size: { cpu: 256, memory: 512, why: 'small' },
  timing: { startPeriod: 1, stopTimeout: 2, openStream: 'hangs', why: 'slow' },
  logs: { started: [], misconfigured: [], refused: [], alarming: [] },
  defects: [],
  protocol: { revisions: ['2024-11-05'], headers: {} },
  sources: [{ what: 'A document', at: '2020' }],
};

/** One with every part that the schema knows, and text that is hard to show. */
export const FULL: Conventions = {
  ...BARE,
  id: 'g9y',
  title: 'full: a|b `c` <d>',
  versions: { from: '9.0.0', below: '9.1.0' },
  support: { kind: 'unsafe', warning: 'Everybody gets in', tag: 'everybody gets in' },
  ranHere: ['9.0.1'],
  image: {
    ...BARE.image,
    repositories: ['example/image'],
    defaultVersion: '9.0.1',
    bakes: { ODD: 'a|b `c`' },
    shim: { module: 'odd.module', serves: 'uvicorn.run', cors: 'for *all*', byDefault: true },
  },
  health: { path: '/health', all: ['/health', '/'], probe: 'python' },
  environment: {
    fixed: { FIXED: { value: 'a|b', why: 'it must', without: { fails: 'exit', code: 3, log: 'no FIXED' } } },
    derived: { DERIVED: { meaning: 'a URL', from: 'environment', without: { fails: 'open' } } },
    optional: { OPTIONAL: { meaning: 'an *option*', default: '1|2', values: 'any' } },
    dead: { DEAD: 'does nothing' },
    dangerous: { DANGEROUS: 'does harm' },
  },
  auth: {
    ...BARE.auth,
    modes: {
      'jwt-secret': {
        meaning: 'a token',
        secret: { variable: 'SECRET', meaning: 'a key', without: { fails: 'open' } },
      },
    },
  },
  timing: { ...BARE.timing!, earlier: { below: '9.0.5', openStream: 'ends', why: 'a *slow* start' } },
  iam: {
    executionRole: [{ sid: 'Pull', actions: ['ecr:Get'], on: 'repository', why: 'pulls' }],
    taskRole: [{ sid: 'Read', actions: ['s3:Get', 's3:List'], on: 'everything', why: 'reads' }],
    why: 'It may read',
  },
  logs: { started: ['a | b'], misconfigured: ['`c`'], refused: ['<d>'], alarming: ['_e_'] },
  otherHosts: [{ host: 'a.example', why: 'it *asks*', off: { variable: 'OFF', value: '1' } }],
  defects: [{ what: 'It | leaks', workaround: 'a *mop*', shim: 'a _bucket_' }],
  protocol: { revisions: ['2024-11-05'], headers: { '2024-11-05': ['Accept'] }, otherRevision: 'a *shrug*' },
};
