import { enumerate } from '../../conventions/labels';
import { BRANCH_PROTECTION, type GithubEnvironment } from '../../model/delivery/github-environments';
import { Failed } from '../failed';
import type { GithubApi } from './github-api';

/** Settings that a repository's workflows rest on. */
export interface WantedSettings {
  /** Owner and name. */
  readonly repository: string;
  /** Ids by which roles know the repository; null if the answers do not have one. */
  readonly ids: { readonly ownerId: number | null; readonly repositoryId: number | null };
  readonly environments: readonly GithubEnvironment[];
  /** Users, and teams as `ORGANIZATION/TEAM`, that approve deployments. */
  readonly reviewers: readonly string[];
  /** The variable with the client ID of the GitHub App; its value, if it is given. */
  readonly variable?: { readonly name: string; readonly value?: string };
}

/** A change of a setting. */
export interface Change {
  /** The setting and what becomes of it, in one line. */
  readonly title: string;
  readonly method: 'PUT' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body: object;
}

/** The difference between a repository's settings and those that its workflows rest on. */
export interface SetupPlan {
  /** Settings that are right, in one line each. */
  readonly same: readonly string[];
  readonly changes: readonly Change[];
  /** Things that the owner must do, or should know. */
  readonly notes: readonly string[];
}

interface Repository {
  readonly id: number;
  readonly owner: { readonly id: number };
  readonly default_branch: string;
}

interface Reviewer {
  readonly type: 'User' | 'Team';
  readonly id: number;
}

/** Source: GitHub's documentation, "REST API endpoints for deployment environments". */
interface ThereEnvironment {
  readonly name: string;
  readonly deployment_branch_policy: BranchPolicy | null;
  readonly protection_rules?: readonly {
    readonly type: string;
    readonly wait_timer?: number;
    readonly prevent_self_review?: boolean;
    readonly reviewers?: readonly { readonly type: Reviewer['type']; readonly reviewer: { readonly id: number } }[];
  }[];
}

interface BranchPolicy {
  readonly protected_branches: boolean;
  readonly custom_branch_policies: boolean;
}

/** Source: GitHub's documentation, "REST API endpoints for protected branches". */
interface ThereProtection {
  readonly required_pull_request_reviews?: {
    readonly dismiss_stale_reviews?: boolean;
    readonly require_last_push_approval?: boolean;
  };
  readonly required_status_checks?: { readonly contexts?: readonly string[] };
  readonly enforce_admins?: { readonly enabled: boolean };
}

const PROTECTED: BranchPolicy = { protected_branches: true, custom_branch_policies: false };
const WORDS: Readonly<Record<GithubEnvironment['branches'], string>> = {
  protected: 'the default branch only',
  any: 'every branch',
};

type Part = SetupPlan;
const part = (given: Partial<Part>): Part => ({ same: [], changes: [], notes: [], ...given });

/**
 * Compares a repository's settings with those that its workflows rest on. It changes nothing.
 *
 * @throws Failed if there is no such repository, or it is not that of the answers; see {@link GithubApi}
 */
export async function planSetup(api: GithubApi, wanted: WantedSettings): Promise<SetupPlan> {
  const at = `repos/${wanted.repository}`;
  const { status, body: repository, said } = await api<Repository>('GET', at);
  if (status !== 200)
    throw new Failed(
      `GitHub shows no repository ${wanted.repository}: ${said}\nMake it first: gh repo create ${wanted.repository} --private --source . --remote origin`,
    );
  const reviewers = await Promise.all(wanted.reviewers.map((name) => reviewerOf(api, name)));
  const parts = [
    identity(wanted, repository),
    ...(await environments(api, at, wanted.environments, reviewers)),
    await branch(api, at, repository.default_branch),
    ...(wanted.variable ? [await variable(api, at, wanted.variable)] : []),
  ];
  return {
    same: parts.flatMap(({ same }) => same),
    changes: parts.flatMap(({ changes }) => changes),
    notes: parts.flatMap(({ notes }) => notes),
  };
}

/** @throws Failed if roles would trust another repository of the name */
function identity({ repository: name, ids }: WantedSettings, { id, owner }: Repository): Part {
  const other = [
    ['repository.ownerId', ids.ownerId, owner.id] as const,
    ['repository.repositoryId', ids.repositoryId, id] as const,
  ];
  const wrong = other.filter(([, known, real]) => known !== null && known !== real);
  if (wrong.length > 0) {
    const said = wrong.map(([path, known, real]) => `${path} is ${known}, and GitHub says ${real}`);
    throw new Failed(`${name} is not the repository of mcp-deploy.json: ${said.join('; ')}.`);
  }
  const missing = other.filter(([, known]) => known === null).map(([path, , real]) => `${path} to ${real}`);
  return part({
    notes:
      missing.length > 0
        ? [`Set ${missing.join(', and ')} in mcp-deploy.json: roles know the repository by them.`]
        : [],
  });
}

async function reviewerOf(api: GithubApi, name: string): Promise<Reviewer> {
  const [first, team] = name.split('/');
  const path = team === undefined ? `users/${first}` : `orgs/${first}/teams/${team}`;
  const { status, body, said } = await api<{ id: number }>('GET', path);
  if (status !== 200) throw new Failed(`GitHub shows no ${team === undefined ? 'user' : 'team'} ${name}: ${said}`);
  return { type: team === undefined ? 'User' : 'Team', id: body.id };
}

async function environments(
  api: GithubApi,
  at: string,
  wanted: readonly GithubEnvironment[],
  reviewers: readonly Reviewer[],
): Promise<Part[]> {
  const { status, body, said } = await api<{ environments?: readonly ThereEnvironment[] }>(
    'GET',
    `${at}/environments?per_page=100`,
  );
  if (status !== 200) throw new Failed(`GitHub does not show the environments of the repository: ${said}`);
  const parts = wanted.map((one) => {
    const there = body.environments?.find(({ name }) => name === one.name);
    return environment(at, one, there, one.isReviewed ? reviewers : []);
  });
  const open = parts.flatMap(({ unreviewed = [] }) => unreviewed);
  if (open.length === 0) return parts;
  const [noun, verb] = open.length === 1 ? ['environment', 'has'] : ['environments', 'have'];
  const note = `The ${noun} ${enumerate(open)} ${verb} no reviewer: what is merged is deployed. --reviewer NAME adds one.`;
  return [...parts, part({ notes: [note] })];
}

function environment(
  at: string,
  { name, branches, isReviewed }: GithubEnvironment,
  there: ThereEnvironment | undefined,
  more: readonly Reviewer[],
): Part & { readonly unreviewed?: string } {
  const rules = there?.protection_rules ?? [];
  const review = rules.find(({ type }) => type === 'required_reviewers');
  const kept = (review?.reviewers ?? []).map(({ type, reviewer }) => ({ type, id: reviewer.id }));
  const added = more.filter(({ type, id }) => !kept.some((one) => one.type === type && one.id === id));
  const reviewers = [...kept, ...added];
  const isOpen = there !== undefined && branches === 'protected' && there.deployment_branch_policy === null;
  const isNarrow = there !== undefined && branches === 'any' && there.deployment_branch_policy !== null;
  const title = `environment ${name}`;
  const notes = [
    // Somebody chose it, so it is theirs to change.
    ...(isNarrow ? [`The environment ${name} admits some branches only: plans of other pull requests fail.`] : []),
  ];
  const does = [
    ...(there ? [] : ['make it']),
    ...(!there || isOpen ? [`for ${WORDS[branches]}`] : []),
    ...(added.length > 0 ? [`with ${added.length} more reviewer${added.length === 1 ? '' : 's'}`] : []),
  ];
  const unreviewed = isReviewed && reviewers.length === 0 ? { unreviewed: name } : {};
  if (does.length === 0) return { ...part({ same: [title], notes }), ...unreviewed };
  // GitHub does not say that it keeps what a change does not name, so each change names all.
  const body = {
    wait_timer: rules.find(({ type }) => type === 'wait_timer')?.wait_timer ?? 0,
    prevent_self_review: review?.prevent_self_review ?? reviewers.length > 0,
    reviewers: reviewers.length > 0 ? reviewers : null,
    deployment_branch_policy: there?.deployment_branch_policy ?? (branches === 'any' ? null : PROTECTED),
  };
  const path = `${at}/environments/${encodeURIComponent(name)}`;
  const change = { title: `${title}: ${does.join(', ')}`, method: 'PUT', path, body } as const;
  return { ...part({ changes: [change], notes }), ...unreviewed };
}

async function branch(api: GithubApi, at: string, name: string): Promise<Part> {
  const title = `branch ${name}`;
  const path = `${at}/branches/${encodeURIComponent(name)}`;
  const found = await api('GET', path);
  if (found.status === 404)
    return part({
      notes: [`The branch ${name} is not there yet. Push it, then run this again: it must be protected.`],
    });
  const { status, body, said } = await api<ThereProtection>('GET', `${path}/protection`);
  if (status === 403) return part({ notes: [`GitHub refuses to show the protection of ${name}: ${said}`] });
  if (status === 404) {
    const does = 'protect it: pull requests with an approval, and the check validate';
    return part({
      changes: [{ title: `${title}: ${does}`, method: 'PUT', path: `${path}/protection`, body: BRANCH_PROTECTION }],
    });
  }
  const lacks = [
    ...(body.required_pull_request_reviews ? [] : ['pull requests']),
    ...(body.required_pull_request_reviews?.dismiss_stale_reviews === false ? ['dismissal of stale approvals'] : []),
    ...(body.required_status_checks?.contexts?.includes('validate') ? [] : ['the check validate']),
    ...(body.enforce_admins?.enabled ? [] : ['administrators']),
  ];
  // Somebody chose it, so it is theirs to change.
  return lacks.length === 0
    ? part({ same: [title] })
    : part({
        notes: [
          `The branch ${name} is protected, but not by all that a deployment rests on. It lacks: ${lacks.join(', ')}.`,
        ],
      });
}

async function variable(api: GithubApi, at: string, { name, value }: { name: string; value?: string }): Promise<Part> {
  const title = `variable ${name}`;
  const path = `${at}/actions/variables`;
  const { status, body } = await api<{ value: string }>('GET', `${path}/${name}`);
  if (value === undefined)
    return status === 200
      ? part({ same: [title] })
      : part({
          notes: [`The variable ${name} is missing: --app-client-id ID sets it to the client ID of the GitHub App.`],
        });
  if (status !== 200)
    return part({ changes: [{ title: `${title}: make it`, method: 'POST', path, body: { name, value } }] });
  if (body.value === value) return part({ same: [title] });
  return part({
    changes: [{ title: `${title}: change it`, method: 'PATCH', path: `${path}/${name}`, body: { name, value } }],
  });
}

/**
 * Makes changes, one after the other, and says each.
 *
 * @throws Failed if GitHub refuses one, with those that were made
 */
export async function applySetup(
  api: GithubApi,
  changes: readonly Change[],
  say: (line: string) => void,
): Promise<void> {
  for (const [index, { title, method, path, body }] of changes.entries()) {
    const { status, said } = await api(method, path, body);
    if (status !== 200) {
      throw new Failed(
        `GitHub refuses ${title} (HTTP ${status}).\n${said}\n${index} of ${changes.length} changes are made. Run it again to go on.`,
      );
    }
    say(`✓ ${title}`);
  }
}
