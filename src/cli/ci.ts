import { ciSetting } from '../operations/ci';

/**
 * Whether a run is one of continuous integration, where nobody answers, even in a pseudo-terminal: by `CI`, and by what the
 * services set that `ci-info` knows.
 */
export function isCi(env: NodeJS.ProcessEnv): boolean {
  // Loaded if it is needed: it looks at the environment of the process as it is loaded.
  return ciSetting(env) ?? (require('ci-info') as typeof import('ci-info')).isCI;
}
