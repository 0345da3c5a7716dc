import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';

import { generateFiles } from '../../../../generators';
import { exampleAnswers } from '../../../../src/config/example';
import { TARGETS } from '../../../../src/config/repository';
import { LATEST } from '../../../../src/conventions';
import type { Deployment } from '../../../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../../../src/model/resolve';
import { tables } from '../../../support/markdown';
import { APPS, deploy, isWorkflow, templates } from '../../../support/workflow-files';

const DOCUMENT = 'docs/delivery.md';

interface Job {
  readonly workflow: string;
  readonly name: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
}

interface Row {
  /** Its jobs as it names them: of one workflow, or of any. */
  readonly named: readonly { readonly name: string; readonly workflows: readonly string[] }[];
  readonly may: string;
  readonly code: string;
}

/** `a`, `b` of `c` and of `d`: the job a, and the job b of two workflows. */
function namedJobs(cell: string): Row['named'] {
  const named: { name: string; workflows: string[] }[] = [];
  for (const [, of, name] of cell.matchAll(/(of )?`([\w-]+)`/g)) {
    if (of) named.at(-1)!.workflows.push(name!);
    else named.push({ name: name!, workflows: [] });
  }
  return named;
}

const commandsOf = ({ steps }: Job) => steps.flatMap(({ run }) => run?.split('\n') ?? []);
const runs = (job: Job, command: RegExp) => commandsOf(job).some((line) => command.test(line));
const uses = (job: Job, action: string) => job.steps.some((step) => step.uses?.startsWith(action));

/** The role that a job assumes: it asks for its context first, or another job did. */
function roleOf(job: Job, others: readonly Job[]): string | undefined {
  if (!uses(job, 'aws-actions/configure-aws-credentials@')) return undefined;
  const roles = [job, ...others.filter(({ workflow }) => workflow === job.workflow)].flatMap((one) =>
    commandsOf(one).flatMap((line) => / workflow context (\w+)/.exec(line)?.[1] ?? []),
  );
  return roles[0];
}

function whatItMay(job: Job, others: readonly Job[]): RegExp {
  const role = roleOf(job, others);
  if (role) return new RegExp(`^assume the role \`${role}\`$`);
  if (uses(job, 'actions/create-github-app-token@')) return /^write to this repository, by the App$/;
  const writes = Object.entries(job.permissions).some(([of, kind]) => of !== 'id-token' && kind === 'write');
  return writes ? /^write a comment, or an issue$/ : /^read this repository/;
}

const task = /^npm run /;
const engine = /^npm run "?(deploy|report-plan|drift):/;

/** What a row may say of the code, and whether a job runs that. */
const CODE: readonly (readonly [said: RegExp, runs: (job: Job, target: Deployment['target']) => boolean])[] = [
  [/`create-quilt-mcp-deploy`/, (job) => runs(job, /^npx create-quilt-mcp-deploy /) && !runs(job, /^npm ci$/)],
  [/projen/, (job) => runs(job, task)],
  [/the AWS CLI/, (job) => uses(job, 'aws-actions/configure-aws-credentials@')],
  [/regctl/, (job) => runs(job, /^go install \S+\/regctl@/)],
  [/Docker/, (job) => runs(job, /^npm run publish-image/)],
  [/cosign/, (job) => uses(job, 'sigstore/cosign-installer@')],
  [/syft/, (job) => uses(job, 'anchore/sbom-action/download-syft@')],
  [/the CDK, with the app in `deploy\/cdk` and its packages/, (job, target) => target === 'cdk' && runs(job, engine)],
  [
    /Terraform, with the modules, your `\*\.local\.tf` files and the providers of the lock files/,
    (job, target) => target === 'terraform' && runs(job, engine),
  ],
  [
    /a program in `\.github\/scripts\/` of this repository: no package is installed/,
    (job) => runs(job, /^node \.github\/scripts\//) && !runs(job, /^npm ci/),
  ],
  [/all packages, and the tests/, (job) => runs(job, /^npm ci$/) && runs(job, /^npm test/)],
  [/all packages, newer ones, too/, (job) => runs(job, /^npm ci$/) && runs(job, /upgrade\.mjs prepare/)],
];

/** Without roles, a workflow verifies no signature. */
function withoutRoles(target: Deployment['target']): Deployment {
  return resolveDeployment(readConfig(exampleAnswers(LATEST, target), 'test'));
}

const DEPLOYMENTS = TARGETS.flatMap((target) => [
  [target, 'no roles', withoutRoles(target)] as const,
  ...Object.entries(APPS).map(([name, app]) => [target, `roles and ${name}`, deploy(target, app)] as const),
]);

describe.each(DEPLOYMENTS)('which code runs with which role, for %s with %s', (target, _, deployment) => {
  const files = generateFiles(deployment, templates);
  const jobs = files.filter(isWorkflow).flatMap(({ content }) => {
    const { name: workflow, jobs } = parseYaml(content) as {
      name: string;
      jobs: Record<string, Omit<Job, 'workflow'>>;
    };
    return Object.entries(jobs).map(([name, job]): Job => ({ ...job, workflow, name }));
  });
  const document = files.find(({ path }) => path === DOCUMENT)!.content;
  const [table] = tables(document).filter(([header]) => header![0] === 'Jobs');
  const rows = table!.slice(1).map(([named, may, code], index, all): Row => {
    const said = code === 'the same' ? all[index - 1]![2]! : code!;
    return { named: namedJobs(named!), may: may!, code: said };
  });
  const isOf = (job: Job) => (row: Row) =>
    row.named.some(
      ({ name, workflows }) => name === job.name && (workflows[0] === undefined || workflows.includes(job.workflow)),
    );

  it('the table has each job of the workflows once, and no other', () => {
    const found = jobs.map((job) => [`${job.name} of ${job.workflow}`, rows.filter(isOf(job)).length]);
    expect(found.filter(([, count]) => count !== 1)).toEqual([]);
    const known = rows
      .flatMap(({ named }) => named)
      .flatMap(({ name, workflows }) => (workflows.length > 0 ? workflows.map((of) => `${name} of ${of}`) : [name]));
    const emitted = new Set(jobs.flatMap(({ name, workflow }) => [name, `${name} of ${workflow}`]));
    expect(known.filter((one) => !emitted.has(one))).toEqual([]);
  });

  it('the table says of each job what it may do: which role it assumes, and whether it has a token that writes', () => {
    for (const job of jobs) {
      expect(rows.find(isOf(job))!.may, `${job.name} of ${job.workflow}`).toMatch(whatItMay(job, jobs));
    }
    // A job that assumes a role installs packages, and one that may write installs none.
    for (const job of jobs.filter((one) => /^(write|print)/.test(rows.find(isOf(one))!.may))) {
      expect(runs(job, /^npm (ci|install)/), job.name).toBe(false);
    }
  });

  it('the table names all code that these jobs run by their commands, and nothing else', () => {
    for (const row of rows) {
      const ofRow = jobs.filter((job) => isOf(job)(row));
      const expected = CODE.filter(([, does]) => ofRow.some((job) => does(job, target))).map(([said]) => String(said));
      const said = CODE.filter(([words]) => words.test(row.code)).map(([words]) => String(words));
      // Of jobs that only read, the document says what matters.
      const mayLeaveOut = row.may.startsWith('read this repository');
      expect(mayLeaveOut ? said.filter((words) => !expected.includes(words)) : said, row.code).toEqual(
        mayLeaveOut ? [] : expected,
      );
      const rest = CODE.reduce((text, [words]) => text.replace(words, ''), row.code);
      expect(rest.replace(/,|\band\b|\s/g, '')).toBe('');
    }
  });
});
