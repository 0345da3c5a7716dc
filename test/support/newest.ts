import { LATEST } from '../../src/conventions';

/** The version of the server that a new deployment gets, for tests that are about none. */
export const NEWEST_VERSION = LATEST.image.defaultVersion;

/** Another version of the same generation. */
export const NEXT_VERSION = NEWEST_VERSION.replace(/\d+$/, (patch) => String(Number(patch) + 1));

/** The variable that tells the newest server the URL of the registry. */
export const REGISTRY_VARIABLE = Object.entries(LATEST.environment.derived).find(
  ([, { from }]) => from === 'registryUrl',
)![0];
