import { ciSetting } from '../operations/ci';

/**
 * Whether a run is one of continuous integration, by `CI` and the variables of services that `ci-info` knows. Nobody
 * answers there, even in a pseudo-terminal.
 */
export function isCi(env: NodeJS.ProcessEnv): boolean {
  // Loaded on demand: it reads the environment of the process as it is loaded.
  return ciSetting(env) ?? (require('ci-info') as typeof import('ci-info')).isCI;
}
