import { DUTIES } from '../src/model/delivery-roles';
import type { Deployment } from '../src/model/deployment';
import { shellWord } from './docs/shell';

type Branches = (typeof DUTIES)[number]['branches'];

/** The environment of GitHub that has the key of the GitHub App, where one is named. */
const PULL_REQUESTS = 'pull_requests';

/** What lets the protected branches in, and no other branch and no tag. */
const PROTECTED_BRANCHES = ['protected_branches]=true', 'custom_branch_policies]=false']
  .map((value) => `-F 'deployment_branch_policy[${value}'`)
  .join(' ');

/**
 * Lines of a shell that make the environments of GitHub for all that jobs do in a repository. GitHub documents the call as
 * one that creates or updates, and not what becomes of reviewers that it does not name.
 * Source: GitHub's documentation, "REST API endpoints for deployment environments".
 */
export function githubEnvironmentCommands({ repository, environments }: Deployment): string[] {
  const names = environments.map(({ name }) => name);
  return makeAll(repository.name, names, repository.app ? [PULL_REQUESTS] : []);
}

/** The same for one environment, which leaves those of the others alone. */
export function githubEnvironmentCommandsOf(name: string, { repository }: Deployment): string[] {
  return makeAll(repository.name, [name], []);
}

/** The same for the one that has the App's key, for who names an App later. */
export function appEnvironmentCommand({ repository }: Deployment): string[] {
  return make(repository.name, PULL_REQUESTS, 'protected');
}

function makeAll(repository: string, names: readonly string[], more: readonly string[]): string[] {
  const forBranches = (wanted: Branches) =>
    names.flatMap((name) =>
      DUTIES.filter(({ branches }) => branches === wanted).map(({ githubEnvironment }) => githubEnvironment(name)),
    );
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
