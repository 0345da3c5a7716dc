/**
 * Whether a run is one of continuous integration, where nobody answers, even in a pseudo-terminal: by `CI`, and by what the
 * services set that `ci-info` knows. `CI` set to false, 0 or no says that it is none.
 */
export function isCi(env: NodeJS.ProcessEnv): boolean {
  if (/^(false|0|no|off)$/i.test(env.CI?.trim() ?? '')) {
    return false;
  }
  // Loaded if it is needed: it looks at the environment of the process as it is loaded.
  return (require('ci-info') as typeof import('ci-info')).isCI;
}
