import { TARGETS } from '../config/repository';
import { UsageError } from './usage-error';

/**
 * Environment variables that npm sets for an option that it takes for its own, because no `--` stands before it: `npm
 * create … --dry-run` sets `npm_config_dry_run`, and this command does not get the option. pnpm, Yarn and Bun pass
 * options on, and name themselves in the same variable. Source: npm Docs, "config", Environment Variables, and
 * "npm-init"; tried with npm 10 and 11.
 */
const KEPT: Readonly<Record<string, readonly [variable: string, isOurs: (value: string) => boolean]>> = {
  config: ['npm_config_config', isSet],
  // npm's own meaning: the version of Node.js or Electron that packages are built for.
  target: ['npm_config_target', (value) => value === 'true' || TARGETS.some((target) => target === value)],
  set: ['npm_config_set', isSet],
  profile: ['npm_config_profile', isSet],
  resume: ['npm_config_resume', isTrue],
  'dry-run': ['npm_config_dry_run', isTrue],
  json: ['npm_config_json', isTrue],
  // npm's own meaning: the path of git.
  'no-git': ['npm_config_git', (value) => value === 'false'],
  'no-check': ['npm_config_check', (value) => value === '' || value === 'false'],
  'no-install': ['npm_config_install', (value) => value === '' || value === 'false'],
};

function isTrue(value: string): boolean {
  return value === 'true';
}

function isSet(value: string): boolean {
  return value !== '' && value !== 'false';
}

/** Hint to pass options through npm, to append to a message; empty if another program runs the command. */
export function doubleDashHint(env: NodeJS.ProcessEnv): string {
  return isNpm(env) ? `\nnpm keeps options for itself unless they follow a double dash: ${example(env)}` : '';
}

/** Whether npm took `--yes`: with it, npm installs a package without asking. The user may have meant either. */
export function npmKeptYes(env: NodeJS.ProcessEnv): boolean {
  return isNpm(env) && isTrue(env.npm_config_yes ?? '');
}

/**
 * @param given options that the command line itself has
 * @throws UsageError if npm kept an option that can only be meant for this command
 */
export function refuseKeptOptions(
  options: object,
  given: Readonly<Record<string, unknown>>,
  env: NodeJS.ProcessEnv,
): void {
  if (!isNpm(env)) {
    return;
  }
  const kept = Object.entries(KEPT)
    .filter(([option]) => Object.hasOwn(options, option) && given[option] === undefined)
    .filter(([, [variable, isOurs]]) => env[variable] !== undefined && isOurs(env[variable]));
  if (kept.length > 0) {
    const names = kept.map(([option]) => `--${option}`).join(' ');
    const variables = kept.map(([, [variable]]) => variable).join(', ');
    throw new UsageError(
      `npm kept ${names} for itself, and this command was not given ${kept.length === 1 ? 'it' : 'them'}. ${example(env, names)}\nIf you did not write ${kept.length === 1 ? 'it' : 'them'}, unset ${variables}.`,
    );
  }
}

/** npm's names of the commands that start others. */
const COMMANDS = ['init', 'create', 'exec', 'run', 'run-script'];

function isNpm(env: NodeJS.ProcessEnv): boolean {
  return env.npm_config_user_agent?.startsWith('npm/') === true && COMMANDS.includes(env.npm_command ?? '');
}

function example(env: NodeJS.ProcessEnv, options = '--yes'): string {
  const { npm_command: command, npm_lifecycle_event: script } = env;
  const start =
    command === 'init' || command === 'create'
      ? 'npm create quilt-mcp-deploy@latest my-deploy'
      : command?.startsWith('run') && script !== undefined
        ? `npm run ${script}`
        : 'npm exec create-quilt-mcp-deploy@latest';
  return `Write a double dash before the options: ${start} -- ${options}`;
}
