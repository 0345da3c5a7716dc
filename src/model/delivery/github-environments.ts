import type { Deployment, Environment } from '../deployment';
import { SHARED } from '../names';
import { DUTIES, PUBLISHING } from './roles';

/** The GitHub environment with the key of the GitHub App, if one is named. */
export const PULL_REQUESTS = 'pull_requests';

/** A GitHub environment that jobs of the workflows run in. */
export interface GithubEnvironment {
  readonly name: string;
  /** Branches that may deploy to it. */
  readonly branches: (typeof DUTIES)[number]['branches'];
  /** Whether a job waits there for a reviewer before it changes what clients reach. */
  readonly isReviewed: boolean;
}

/** The protection that the default branch must have: a deployment rests on it. As GitHub's REST API takes it. */
export const BRANCH_PROTECTION = {
  required_pull_request_reviews: {
    required_approving_review_count: 1,
    dismiss_stale_reviews: true,
    require_last_push_approval: true,
  },
  required_status_checks: { strict: false, contexts: ['validate'] },
  enforce_admins: true,
  restrictions: null,
} as const;

/** GitHub's environments for all jobs of a repository. */
export function githubEnvironmentsOf({ repository, environments, sharedRegistry }: Deployment): GithubEnvironment[] {
  return [
    ...environments.flatMap(ofEnvironment),
    ...(sharedRegistry ? ofSharedRegistry() : []),
    ...(repository.app ? [{ name: PULL_REQUESTS, branches: 'protected', isReviewed: false } as const] : []),
  ];
}

/** The same for one environment, which leaves those of the others alone. */
export function githubEnvironmentsFor(name: string, { environments }: Deployment): GithubEnvironment[] {
  const sharing = environments.filter(({ registry }) => !registry).map((one) => one.name);
  // The first that shares a registry needs the environment in which that is published to.
  const isFirst = sharing.length === 1 && sharing[0] === name;
  return [
    ...environments.filter((one) => one.name === name).flatMap(ofEnvironment),
    ...(isFirst ? ofSharedRegistry() : []),
  ];
}

/** GitHub's environments for one of ours, by duty. None publishes to a registry that it shares. */
function ofEnvironment({ name, registry }: Environment): GithubEnvironment[] {
  return DUTIES.filter((duty) => registry || !PUBLISHING.includes(duty)).map(environmentOf(name));
}

function ofSharedRegistry(): GithubEnvironment[] {
  return PUBLISHING.map(environmentOf(SHARED));
}

function environmentOf(name: string) {
  return ({ duty, githubEnvironment, branches }: (typeof DUTIES)[number]): GithubEnvironment => ({
    name: githubEnvironment(name),
    branches,
    isReviewed: duty === 'deploy',
  });
}
