import { DUTIES, PUBLISHING } from '../src/model/delivery/roles';
import type { Deployment, Environment } from '../src/model/deployment';
import { SHARED } from '../src/model/names';
import { shellWord } from '../src/operations/shell-word';

type Branches = (typeof DUTIES)[number]['branches'];

/** The GitHub environment with the key of the GitHub App, if one is named. */
const PULL_REQUESTS = 'pull_requests';

/** Fields that admit the protected branches, and no other branch and no tag. */
const PROTECTED_BRANCHES = ['protected_branches]=true', 'custom_branch_policies]=false']
  .map((value) => `-F 'deployment_branch_policy[${value}'`)
  .join(' ');

/**
 * Lines of a shell that make the GitHub environments for all jobs of a repository. GitHub documents the call as one
 * that creates or updates, and does not say if reviewers stay that it does not name. Source: GitHub's documentation,
 * "REST API endpoints for deployment environments".
 */
export function githubEnvironmentCommands(deployment: Deployment): string[] {
  const { repository, environments, sharedRegistry } = deployment;
  const shared = sharedRegistry ? PUBLISHING.map(environmentOf(SHARED)) : [];
  return makeAll(
    repository.name,
    [...environments.flatMap(ofEnvironment), ...shared],
    repository.app ? [PULL_REQUESTS] : [],
  );
}

/** The same for one environment, which leaves those of the others alone. */
export function githubEnvironmentCommandsOf(name: string, { repository, environments }: Deployment): string[] {
  const sharing = environments.filter(({ registry }) => !registry).map((one) => one.name);
  // The first that shares a registry needs the environment in which that is published to.
  const shared = sharing.length === 1 && sharing[0] === name ? PUBLISHING.map(environmentOf(SHARED)) : [];
  const own = environments.filter((one) => one.name === name).flatMap(ofEnvironment);
  return makeAll(repository.name, [...own, ...shared], []);
}

/** The same for the one that has the App's key, for who names an App later. */
export function appEnvironmentCommand({ repository }: Deployment): string[] {
  return make(repository.name, PULL_REQUESTS, 'protected');
}

interface GithubEnvironment {
  readonly name: string;
  readonly branches: Branches;
}

const environmentOf =
  (name: string) =>
  ({ githubEnvironment, branches }: (typeof DUTIES)[number]): GithubEnvironment => ({
    name: githubEnvironment(name),
    branches,
  });

/** GitHub's environments for one of ours, by duty. None publishes to a registry that it shares. */
function ofEnvironment({ name, registry }: Environment): GithubEnvironment[] {
  return DUTIES.filter((duty) => registry || !PUBLISHING.includes(duty)).map(environmentOf(name));
}

function makeAll(repository: string, all: readonly GithubEnvironment[], more: readonly string[]): string[] {
  const forBranches = (wanted: Branches) => all.filter(({ branches }) => branches === wanted).map(({ name }) => name);
  const forEach = (environments: readonly string[], branches: Branches) => [
    `for environment in ${environments.map((name) => shellWord(name)).join(' ')}; do`,
    ...make(repository, '$environment', branches).map((line) => `  ${line}`),
    'done',
  ];
  return [...forEach([...forBranches('protected'), ...more], 'protected'), ...forEach(forBranches('any'), 'any')];
}

function make(repository: string, environment: string, branches: Branches): string[] {
  const put = `gh api --silent --method PUT "repos/${repository}/environments/${environment}"`;
  return branches === 'any' ? [put] : [`${put} \\`, `  ${PROTECTED_BRANCHES}`];
}
