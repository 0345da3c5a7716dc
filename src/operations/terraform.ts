import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';

import { excerpt } from './excerpt';
import { type Finished, failureOf, runProgram, whyFailed } from './program';
import { configuredCache, missingConfiguration, type SearchedMachine } from './terraform-providers';
import {
  describeFailures,
  type FailedSource,
  installedProviders,
  sourcesOf,
  type TerraformSource,
} from './terraform-sources';

/** Requirements of tests on Terraform. */
export interface TerraformNeeds {
  /** Absolute path of the repository. */
  readonly repository: string;
  /** The oldest Terraform that will do, e.g. `1.11`. */
  readonly oldest: string;
  /** The provider as `required_providers` names it. */
  readonly provider: { readonly source: string; readonly version: string };
  /** Aborts the running command. */
  readonly signal?: AbortSignal;
  /** The machine to look at. Default: this one. */
  readonly surroundings?: SearchedMachine;
}

/** This machine's Terraform, for tests: it calls no AWS API, and takes its providers from any source. */
export interface Terraform {
  /** Reason why it cannot run any test, in one line. */
  readonly unusable?: string;
  /**
   * Reason why its provider cannot be fetched, and the setting that helps, in one line. Commands without a provider can
   * still run.
   */
  readonly noProvider?: string;
  /** Source of its provider if Terraform's own settings failed, in one line. */
  readonly note?: string;
  /**
   * Runs `terraform init` without the backend, one call after the other, as two must not write to one cache.
   *
   * @returns reason why a provider of this folder is not available on this machine, in one line; undefined if all are
   * @throws Error with Terraform's output if it failed for another reason
   */
  readonly initialize: (folder: string) => Promise<string | undefined>;
  /** @throws Error with Terraform's output, at most ten lines */
  readonly run: (folder: string, command: string, ...args: string[]) => Promise<void>;
}

/** Finds out whether Terraform can run tests here, and the first place that its provider can be had from. */
export async function prepareTerraform(needs: TerraformNeeds): Promise<Terraform> {
  const { signal, surroundings = {} } = needs;
  const scratch = temporaryFolder();
  const env = environment(surroundings.env ?? process.env);
  const start = (folder: string, environment: NodeJS.ProcessEnv, ...args: string[]) =>
    runProgram('terraform', args, { cwd: folder, env: environment, signal });
  const run = async (environment: NodeJS.ProcessEnv, folder: string, command: string, ...args: string[]) => {
    const ending = await start(folder, environment, command, '-no-color', ...args);
    if (!ending.ok) throw new Error(failureOf(`terraform ${command}`, ending, environment));
  };

  const unusable = whyUnusable(await start(scratch, env, 'version', '-json'), needs.oldest, env);
  const asItIs = { run: run.bind(undefined, env), initialize: async () => unusable };
  if (unusable !== undefined) return { ...asItIs, unusable };

  let sources: readonly TerraformSource[];
  const cache = providerCache(needs.repository, surroundings);
  try {
    sources = sourcesOf(
      { ...surroundings, env },
      installedProviders(needs.repository, cache, { ...surroundings, env }),
    );
  } catch (error) {
    const noProvider = (error as Error).message;
    return { ...asItIs, noProvider, initialize: async () => noProvider };
  }
  const failures: FailedSource[] = [];
  for (const source of sources) {
    const environment = withSource(env, source, cache, scratch);
    const why = await tryProvider(needs.provider, scratch, (folder) =>
      start(folder, environment, 'init', '-input=false', '-json'),
    );
    if (why === undefined) {
      const initialize = oneAfterTheOther(async (folder: string) => {
        const ending = await start(folder, environment, 'init', '-backend=false', '-input=false', '-json');
        return ending.ok ? undefined : whyNotInitialized(ending, source, environment);
      });
      return { run: run.bind(undefined, environment), initialize, note: noteOf(source, failures) };
    }
    failures.push({ source, why });
  }
  const noProvider = describeFailures(needs.provider, failures, missingConfiguration(surroundings.env ?? process.env));
  return { ...asItIs, noProvider, initialize: async () => noProvider };
}

/**
 * An environment without variables that would change the outcome. Terraform would only warn of a missing CLI
 * configuration.
 */
function environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = /^(AWS_|TF_VAR_|TF_CLI_ARGS|TF_DATA_DIR$|TF_LOG|TF_WORKSPACE$)/;
  const { TF_CLI_CONFIG_FILE: configuration, ...own } = Object.fromEntries(
    Object.entries(env).filter(([variable]) => !foreign.test(variable)),
  );
  return {
    ...own,
    ...(configuration && missingConfiguration(env) === undefined ? { TF_CLI_CONFIG_FILE: configuration } : {}),
    AWS_CONFIG_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    // A root whose lock file is not written yet has nothing to check the cache against.
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true',
  };
}

/** The folder that Terraform keeps providers in for all roots: the user's own, or one beside the packages; undefined if neither can be written. */
function providerCache(repository: string, { env = process.env, ...machine }: SearchedMachine): string | undefined {
  const folder =
    env.TF_PLUGIN_CACHE_DIR ||
    (configuredCache({ env, ...machine }) ?? join(repository, 'node_modules/.cache/terraform'));
  try {
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch {
    return undefined;
  }
}

function withSource(
  { TF_PLUGIN_CACHE_DIR: _, ...env }: NodeJS.ProcessEnv,
  source: TerraformSource,
  cache: string | undefined,
  scratch: string,
): NodeJS.ProcessEnv {
  const cached = source.kind !== 'installed' && cache !== undefined ? { TF_PLUGIN_CACHE_DIR: cache } : {};
  if (source.configuration === undefined) return { ...env, ...cached };
  const file = join(scratch, `${source.kind}.tfrc`);
  writeFileSync(file, source.configuration);
  return { ...env, ...cached, TF_CLI_CONFIG_FILE: file };
}

/** Reason why Terraform cannot run tests, or undefined if it can. */
function whyUnusable(ending: Finished, oldest: string, env: NodeJS.ProcessEnv): string | undefined {
  if (!ending.ok) return `Terraform ${oldest} or later is needed: ${whyFailed(ending, env)}.`;
  const version = /"terraform_version":\s*"((\d+)\.(\d+)[^"]*)"/.exec(ending.stdout);
  if (!version) {
    const [line = 'nothing'] = ending.output.trim().split('\n');
    return `Terraform ${oldest} or later is needed: terraform does not say its version, but ${JSON.stringify(line)}.`;
  }
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
  const [major, minor] = [Number(version[2]), Number(version[3])];
  const enough = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  return enough ? undefined : `Terraform ${version[1]} is too old: ${oldest} or later is needed.`;
}

/** Has Terraform fetch a provider for nothing else. Returns why it cannot, or undefined. */
async function tryProvider(
  { source, version }: TerraformNeeds['provider'],
  scratch: string,
  init: (folder: string) => Promise<Finished>,
): Promise<string | undefined> {
  const folder = mkdtempSync(join(scratch, 'provider-'));
  try {
    const required = { wanted: { source, version } };
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: required } }));
    const ending = await init(folder);
    if (ending.ok) return undefined;
    // Terraform goes on without a CLI configuration that it cannot read.
    const unread = /^\W*Error: (Error parsing .+)$/m.exec(ending.output)?.[1];
    if (unread !== undefined) return unread.trim();
    const [diagnostic] = errorsIn(ending.stdout);
    return diagnostic ? shortReason(diagnostic) : whyFailed(ending);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Summaries of Terraform for a provider that it found nowhere, or could not install. Source: internal/command/init.go. */
const NO_PROVIDER =
  /^(Failed to (query available|resolve) provider packages|Failed to install provider|Incompatible provider version|Invalid provider registry host|Provider registry service unreachable)/;

/**
 * @returns one line if a folder's provider is not in the mirror
 * @throws Error with Terraform's output in every other case
 */
function whyNotInitialized(ending: Finished, source: TerraformSource, env: NodeJS.ProcessEnv): string {
  const errors = errorsIn(ending.stdout);
  const missing = errors.find(({ summary }) => NO_PROVIDER.test(summary));
  if (missing && source.kind !== 'settings') {
    return `Terraform cannot fetch a provider of this folder from ${source.name}: ${shortReason(missing)}.`;
  }
  if (errors.length === 0) throw new Error(failureOf('terraform init', ending, env));
  const text = errors.map(({ summary, detail, place }) => `Error: ${summary}${place}\n${detail}`).join('\n');
  throw new Error(`terraform init failed:\n${excerpt('terraform-init', text)}`);
}

interface Diagnostic {
  readonly summary: string;
  readonly detail: string;
  /** Place of the error, as ` on FILE line N`; may be empty. */
  readonly place: string;
}

/** The errors in the output of a Terraform command with `-json`. */
function errorsIn(output: string): Diagnostic[] {
  return output.split('\n').flatMap((line): Diagnostic[] => {
    try {
      const { type, diagnostic } = JSON.parse(line);
      if (type !== 'diagnostic' || diagnostic.severity !== 'error') return [];
      const { summary, detail = '', range } = diagnostic;
      return [{ summary, detail, place: range ? ` on ${range.filename} line ${range.start.line}` : '' }];
    } catch {
      return []; // a line that is not one of its messages
    }
  });
}

/**
 * The first paragraph of Terraform's error about a provider, in one line, without words that the sentence around it
 * has.
 */
function shortReason({ summary, detail }: Diagnostic): string {
  const [paragraph = ''] = detail.split(/\n\s*\n/);
  const line = paragraph
    .replace(/\s+/g, ' ')
    .replace(/^Could not retrieve the list of available versions for provider \S+: /, '')
    .replace(/^could not connect to (\S+): .*: ([^:]+)$/, '$1 cannot be reached ($2)')
    .replace(/\.$/, '');
  return line || summary;
}

function noteOf(source: TerraformSource, failures: readonly FailedSource[]): string | undefined {
  const [first] = failures;
  return first && `Terraform's provider comes from ${source.name}: ${first.why}.`;
}

/** A folder that is gone when this process ends. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'terraform-settings-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The function, made to wait for its earlier calls. */
function oneAfterTheOther<T>(action: (folder: string) => Promise<T>): (folder: string) => Promise<T> {
  let earlier: Promise<unknown> = Promise.resolve();
  return (folder) => {
    const result = earlier.then(() => action(folder));
    earlier = result.catch(() => {});
    return result;
  };
}
