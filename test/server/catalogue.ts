import { findConventions } from '../../src/conventions';
import type { Claims } from './claims';

/** What the catalogue says of a generation, in the suite's words. */
export function claimsOf(id: string): Claims {
  const conventions = findConventions(id);
  const observed = OBSERVED[id];
  if (!conventions || !observed) throw new Error(`The catalogue has no ${id}`);
  const { forbiddenEnvironment: forbidden } = conventions;
  const isDead = (name: string) => forbidden[name]!.startsWith('read by no code');
  const names = Object.keys(forbidden);
  return {
    port: conventions.port,
    path: conventions.path,
    healthPath: conventions.healthPath,
    fixed: Object.fromEntries(Object.entries(conventions.fixedEnvironment).map(([name, { value }]) => [name, value])),
    optional: Object.keys(conventions.optionalEnvironment),
    dead: names.filter(isDead),
    dangerous: names.filter((name) => !isDead(name)),
    startPeriod: conventions.startPeriod,
    stopTimeout: conventions.stopTimeout,
    ...observed,
  };
}

/** Facts that the catalogue's schema has no place for yet. */
type Observed = Pick<
  Claims,
  'required' | 'anonymous' | 'garbage' | 'tokenSecret' | 'stateful' | 'openStream' | 'started' | 'refused'
>;

const G3: Omit<Observed, 'required'> = {
  anonymous: 401,
  garbage: 200,
  stateful: false,
  openStream: 'ends',
  started: [
    'Quilt MCP Server starting in multiuser mode',
    'Deployment mode: remote (deployment-env)',
    'Backend selection: platform (deployment-env)',
    'Backend type: graphql',
    'JWT required: True',
    'Default transport: http',
  ],
  refused: ['JWT required but missing Authorization header'],
};

const CATALOG_URL = { fails: 'exit', code: 1, log: 'Platform backend requires QUILT_CATALOG_URL' } as const;

const OBSERVED: Readonly<Record<string, Observed>> = {
  g3c: { ...G3, required: { QUILT_CATALOG_URL: CATALOG_URL } },
};
