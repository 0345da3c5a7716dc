import {
  BRANCH_PROTECTION,
  type GithubEnvironment,
  githubEnvironmentsFor,
  githubEnvironmentsOf,
  PULL_REQUESTS,
} from '../src/model/delivery/github-environments';
import type { Deployment } from '../src/model/deployment';
import { shellWord } from '../src/operations/shell-word';

type Branches = GithubEnvironment['branches'];

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
  return makeAll(deployment.repository.name, githubEnvironmentsOf(deployment));
}

/** The same for one environment, which leaves those of the others alone. */
export function githubEnvironmentCommandsOf(name: string, deployment: Deployment): string[] {
  return makeAll(deployment.repository.name, githubEnvironmentsFor(name, deployment));
}

/** The same for the one that has the App's key, for who names an App later. */
export function appEnvironmentCommand({ repository }: Deployment): string[] {
  return make(repository.name, PULL_REQUESTS, 'protected');
}

/** Lines of a shell that protect the default branch. */
export function protectionCommands({ repository }: Deployment): string[] {
  return [
    `gh api --silent --method PUT repos/${repository.name}/branches/main/protection --input - << 'END'`,
    ...JSON.stringify(BRANCH_PROTECTION, undefined, 2).split('\n'),
    'END',
  ];
}

function makeAll(repository: string, all: readonly GithubEnvironment[]): string[] {
  const forEach = (branches: Branches) => [
    `for environment in ${all
      .filter((one) => one.branches === branches)
      .map(({ name }) => shellWord(name))
      .join(' ')}; do`,
    ...make(repository, '$environment', branches).map((line) => `  ${line}`),
    'done',
  ];
  return [...forEach('protected'), ...forEach('any')];
}

function make(repository: string, environment: string, branches: Branches): string[] {
  const put = `gh api --silent --method PUT "repos/${repository}/environments/${environment}"`;
  return branches === 'any' ? [put] : [`${put} \\`, `  ${PROTECTED_BRANCHES}`];
}
