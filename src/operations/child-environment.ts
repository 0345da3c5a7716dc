/**
 * Variables by which git binds the programs that it starts, such as hooks, to one repository. The first lines are the
 * output of `git rev-parse --local-env-vars` (git 2.51); the last one is from git's documentation of its hooks and of
 * itself.
 */
const GIT_LOCAL = new Set([
  ...['GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_CONFIG', 'GIT_CONFIG_PARAMETERS', 'GIT_OBJECT_DIRECTORY', 'GIT_DIR'],
  ...['GIT_WORK_TREE', 'GIT_IMPLICIT_WORK_TREE', 'GIT_GRAFT_FILE', 'GIT_INDEX_FILE', 'GIT_NO_REPLACE_OBJECTS'],
  ...['GIT_REPLACE_REF_BASE', 'GIT_PREFIX', 'GIT_INTERNAL_SUPER_PREFIX', 'GIT_SHALLOW_FILE', 'GIT_COMMON_DIR'],
  ...['GIT_ATTR_SOURCE', 'GIT_NAMESPACE', 'GIT_QUARANTINE_PATH'],
]);

/** Settings that a user, not a hook, hands to git: `git rev-parse --local-env-vars` lists the count, too. */
const GIT_SETTING = /^GIT_CONFIG_(COUNT|KEY_\d+|VALUE_\d+)$/;

/**
 * Variables in which npm describes the package, the folder and the command of its run; a second npm would work there.
 * The settings choose a folder, a part of the packages, or the output.
 */
const OF_THIS_NPM =
  /^(npm_(package|lifecycle|command|execpath|node_execpath)|npm_config_(user_agent|local_prefix|prefix|workspaces?|include_workspace_root|workspaces_update|global|location|dry_run|package|call|package_lock|package_lock_only|shrinkwrap|save(_\w+)?|omit|include|only|also|production|dev|optional|json|parseable|long|loglevel|color)$)/i;

/** Settings that only a user makes, and that another package manager passes on as they are. */
const USERS_OWN =
  /^npm_config_(userconfig|globalconfig|cache|ca|cafile|cert|key|proxy|http_proxy|https_proxy|noproxy)$/i;

/** Variables of yarn, pnpm, bun and corepack; those of their installation stay. */
const OTHER_MANAGERS =
  /^(YARN_|BERRY_|PNPM_(?!HOME$)|pnpm_config_|BUN_(?!INSTALL)|COREPACK_ROOT$|PROJECT_CWD$|INIT_CWD$)/i;

/**
 * Colours in output that a program reads, and the variable by which a test runner makes a second one print for the
 * first.
 */
const NOT_FOR_READERS = /^(FORCE_COLOR|CLICOLOR_FORCE|NODE_TEST_CONTEXT)$/;

/** The hooks that yarn puts into Node.js: without its Plug'n'Play files they resolve packages of another project. */
const PLUG_AND_PLAY = /(^|\s)(--require|-r|--experimental-loader|--import)[= ]("[^"]*\.pnp\.[^"]*"|\S*\.pnp\.\S*)/g;

/**
 * The environment for a program that this one starts: the caller's, without variables that bind it to the caller's own
 * git repository, package and package manager. The user's own setup stays: proxies, certificates, npm's configuration
 * files, git's configuration, and under npm its registry.
 *
 * @param env the caller's
 */
export function childEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const manager = Object.entries(env).find(([name]) => /^npm_config_user_agent$/i.test(name))?.[1] ?? '';
  const isOther = manager !== '' && !manager.startsWith('npm/');
  const count = Number(env.GIT_CONFIG_COUNT ?? '');
  const entries = Object.entries(env).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || GIT_LOCAL.has(name) || NOT_FOR_READERS.test(name) || OTHER_MANAGERS.test(name)) {
      return [];
    }
    if (GIT_SETTING.test(name) && !(Number.isSafeInteger(count) && count > 0)) return [];
    const spelled = name.replaceAll('-', '_');
    if (OF_THIS_NPM.test(spelled)) return [];
    if (isOther && /^npm_/i.test(name) && !(USERS_OWN.test(spelled) && value !== '')) return [];
    if (isOther && name === 'NODE_PATH') return [];
    return [[name, name === 'NODE_OPTIONS' ? value.replace(PLUG_AND_PLAY, '').trim() : value]];
  });
  return { ...Object.fromEntries(entries), NO_COLOR: '1' };
}

/** The environment for a program whose output goes to the user as it is: {@link childEnvironment}, with colours as the caller has them. */
export function attachedEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const { NO_COLOR: _, ...rest } = childEnvironment(env);
  const colours = ['NO_COLOR', 'FORCE_COLOR', 'CLICOLOR_FORCE'].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...rest, ...Object.fromEntries(colours) };
}
