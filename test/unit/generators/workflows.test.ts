import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument, parse as parseYaml, visit } from 'yaml';

import { deliveryFiles, deployedFiles } from '../../../generators/delivery-files';
import { githubExpression, yamlScalar } from '../../../generators/escape';
import { workflows } from '../../../generators/workflows';
import { exampleAnswers } from '../../../src/config/example';
import { answersSchema } from '../../../src/config/repository';
import { CATALOGUE, isDeployable } from '../../../src/conventions';
import { DUTIES } from '../../../src/model/delivery/roles';
import type { Deployment, Runner } from '../../../src/model/deployment';
import { readConfig } from '../../../src/model/resolve';
import { runs } from '../../support/level';
import {
  APPS,
  type App,
  below,
  deploy,
  isWorkflow,
  MATRIX,
  OWN_RUNNER,
  templates,
  withRunner,
} from '../../support/workflow-files';

/** All that workflows say at a key, wherever it stands. */
function valuesOf(text: string, key: string): unknown[] {
  const values: unknown[] = [];
  const document = parseDocument(text);
  visit(document, {
    Pair: (_, pair) => {
      if (String(pair.key) === key) values.push((pair.value as { toJSON: () => unknown } | null)?.toJSON() ?? null);
    },
  });
  return values;
}

/** Artifacts that go from one job to the next one, which does not run without the first, or to a later attempt of the job. */
const OF_ONE_JOB = ['image', 'upgrade', 'made'];

const commandsOf = (job: Job) => job.steps.flatMap(({ run }) => run ?? []);

describe.each(MATRIX)('the workflows of %s with %s', (target, name, files) => {
  const app = APPS[name as keyof typeof APPS];
  const texts = files.filter(isWorkflow).map(({ content }) => content);
  const workflowsOf = texts.map((text) => parseYaml(text) as Workflow);
  const jobs = workflowsOf.flatMap((workflow) => Object.values(workflow.jobs));
  /** A job of the workflow that pull requests start. */
  const planning = (name: string) => workflowsOf.find((one) => one.name === 'validate')!.jobs[name]!;

  it(`the workflows with ${name} pin every action by its whole commit id, with the version in a comment`, () => {
    const lines = texts.join('\n').match(/^.*\buses:.*$/gm)!;
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => !/^ +- uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    const versions = new Map(lines.map((line) => line.match(/uses: (\S+)@(.*)$/)!.slice(1) as [string, string]));
    expect(lines.filter((line) => !line.endsWith(versions.get(/uses: (\S+)@/.exec(line)![1]!)!))).toEqual([]);
  });

  it(`the workflows with ${name} have no permissions but those of their jobs, and a limit on their time`, () => {
    for (const text of texts) expect(parseYaml(text)).toMatchObject({ permissions: {} });
    for (const job of jobs) {
      expect(Object.keys(job.permissions).length).toBeGreaterThan(0);
      // A deployment may move the traffic in steps.
      expect(job['timeout-minutes']).toBeLessThanOrEqual(job.name.startsWith('deploy') ? 60 : 30);
      expect(job.defaults.run.shell).toBe('bash');
    }
  });

  it(`the workflows with ${name} wait for runs of their own branch alone: one of another branch would take the place of one that waits`, () => {
    for (const { concurrency } of workflowsOf) expect(concurrency.group).toContain('${{ github.ref }}');
  });

  it(`the workflows with ${name} keep no credentials in a working copy, and take nothing into a command but by the environment`, () => {
    const steps = jobs.flatMap((job) => job.steps);
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.map((step) => step.with?.['persist-credentials'])).toEqual(checkouts.map(() => false));
    expect(texts.flatMap((text) => valuesOf(text, 'run')).filter((run) => String(run).includes('${{'))).toEqual([]);
  });

  // From version 5 on, setup-node caches where package.json names a package manager, as an owner's may.
  it(`the workflows with ${name} cache nothing`, () => {
    const steps = jobs.flatMap((job) => job.steps);
    const setUps = steps.filter(({ uses }) => uses?.startsWith('actions/setup-node@'));
    expect(setUps.length).toBeGreaterThan(0);
    expect(setUps.map((step) => step.with?.['package-manager-cache'])).toEqual(setUps.map(() => false));
    expect(steps.filter((step) => step.uses?.startsWith('actions/cache') || step.with?.cache)).toEqual([]);
  });

  it(`the workflows with ${name} have no secret or token in a job that runs packages, but the one by which it assumes a role`, () => {
    for (const { permissions, ...job } of jobs.filter(({ steps }) =>
      steps.some(({ run }) => run?.startsWith('npm ')),
    )) {
      const { 'id-token': identity, ...others } = permissions;
      expect(JSON.stringify([job, others])).not.toMatch(/secrets\.|github\.token|outputs\.token|\bwrite\b/);
      if (identity === undefined) continue;
      // Then only what the lock file names is there, and its scripts do not run; and the role is one of an environment.
      const commands = job.steps.flatMap(({ run }) => run ?? []);
      expect(commands.filter((run) => run.startsWith('npm ci'))).toEqual(['npm ci --ignore-scripts']);
      expect(job.environment).toMatch(/^\$\{\{ (inputs|matrix|needs\.which\.outputs)\.\w+ \}\}(-plan|-publish)?$/);
    }
  });

  it(`the workflows with ${name} assume a role in the environment of its duty, and no other role there`, () => {
    const assuming = jobs.filter(({ permissions }) => permissions['id-token']);
    const dutyOf = ({ steps }: Job) => {
      const contexts = steps.flatMap(({ run }) => /workflow context (\w+)$/.exec(run ?? '')?.[1] ?? []);
      expect(contexts).toHaveLength(1);
      return contexts[0];
    };
    expect(new Set(assuming.map(dutyOf))).toEqual(new Set(DUTIES.map(({ duty }) => duty)));
    for (const job of assuming) {
      const { githubEnvironment } = DUTIES.find(({ duty }) => duty === dutyOf(job))!;
      expect(job.environment).toBe(githubEnvironment(/^\$\{\{ .*? \}\}/.exec(job.environment!)![0]));
    }
  });

  it(`the workflows with ${name} have the App's key in an environment of GitHub of its own, which is that of no role`, () => {
    const withKey = jobs.filter((job) => JSON.stringify(job).includes('secrets.'));
    expect(withKey.map(({ name }) => name)).toEqual(app ? Array(4).fill('propose') : []);
    expect(jobs.filter(({ environment }) => environment === 'pull_requests')).toEqual(withKey);
    const { environments } = answersSchema.shape;
    expect(JSON.stringify(environments.safeParse({ pull_requests: {} }).error?.issues)).toContain('invalid_key');
    for (const { permissions } of withKey) expect(permissions).toEqual({ contents: 'read' });
  });

  it(`the workflows with ${name} write to the repository by the App alone, in jobs that run no packages`, () => {
    const writing = jobs.filter(({ steps }) => steps.some(({ run }) => run?.includes('image.mjs')));
    expect(writing.map(({ name }) => name)).toEqual(['propose', 'propose', 'propose']);
    for (const { permissions, steps } of writing) {
      expect(permissions).toEqual({ contents: 'read' });
      const own = steps.flatMap(({ run }) => run?.replace('node .github/scripts/image.mjs ', '') ?? []);
      // By hand it can be done whatever becomes of the pull request.
      expect(own).toEqual(app ? ['print', 'propose'] : ['print']);
    }
  });

  it(`the workflows with ${name} deploy, and take from registries, the default branch only`, () => {
    const starting = jobs.filter((job) => job.name === 'which' && job !== planning('which'));
    expect(starting.length).toBeGreaterThan(3);
    for (const job of starting) {
      expect(job.if).toMatch(
        // A tag may be called as the branch is, and would have the same ref_name.
        /^(github\.event_name == 'schedule' \|\| )?github\.ref == format\('refs\/heads\/\{0\}', github\.event\.repository\.default_branch\)$/,
      );
    }
    for (const job of jobs.filter(({ permissions }) => permissions['id-token'])) {
      expect([job.needs].flat()).not.toEqual([]);
      for (const needed of [job.needs].flat()) expect(needed).toMatch(/^(which|pull|planned)$/);
    }
  });

  it(`the workflows with ${name} plan the pull requests of the repository’s own branches only, as a role that nothing else is done as`, () => {
    expect(planning('which').if).toBe(
      "github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository",
    );
    expect(planning('plan')).toMatchObject({ needs: 'which', environment: '${{ matrix.environment }}-plan' });
    expect(planning('plan').steps.map(({ run }) => run)).toContain('npx create-quilt-mcp-deploy workflow context plan');
    expect(planning('validate').permissions).toEqual({ contents: 'read' });
  });

  it(`the workflows with ${name} comment on a pull request in a job that runs no packages, also where a plan failed`, () => {
    const commenting = jobs.filter(({ permissions }) => permissions['pull-requests']);
    expect(commenting).toEqual([planning('comment')]);
    const [{ permissions, needs, steps, ...job }] = commenting as [Job];
    expect(permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
    expect(needs).toEqual(['which', 'plan']);
    // Without !cancelled() it would be left out with the plan; which it must be where nothing was to be planned.
    expect(job.if).toBe("needs.which.result == 'success' && needs.which.outputs.environments != '[]' && !cancelled()");
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual(['node .github/scripts/plan.mjs "$RUNNER_TEMP/plan"']);
  });

  it(`the workflows with ${name} run on runners of GitHub, but for the job that deploys, whose runner its environment may name`, () => {
    const own = jobs.filter((job) => job['runs-on'] !== 'ubuntu-24.04');
    expect(own.map((job) => [job.name, job['runs-on']])).toEqual(
      name === OWN_RUNNER ? [['deploy (${{ matrix.environment }})', '${{ matrix.runner }}']] : [],
    );
    // No pull request's code runs there.
    expect(
      own.filter((job) => Object.values(workflowsOf.find((one) => one.name === 'validate')!.jobs).includes(job)),
    ).toEqual([]);
    for (const { steps } of own) {
      const commands = steps.flatMap(({ run }) => run ?? []);
      const check = commands.indexOf('npx create-quilt-mcp-deploy workflow tools');
      expect(check).toBeGreaterThanOrEqual(0);
      expect(commands.findIndex((command) => command.startsWith('npm run "deploy:'))).toBeGreaterThan(check);
    }
  });

  it(`the workflows with ${name} stop at the environment that fails to deploy, go on at one that cannot be planned or compared, and report all`, () => {
    const of = (workflow: string, job: string) => workflowsOf.find((one) => one.name === workflow)!.jobs[job]!;
    expect(of('deploy', 'deploy').strategy).toMatchObject({ 'fail-fast': true, 'max-parallel': 1 });
    expect(of('validate', 'plan').strategy).toMatchObject({ 'fail-fast': false });
    expect(of('drift', 'look').strategy).toMatchObject({ 'fail-fast': false });
    const report = of('deploy', 'report');
    expect(report).toMatchObject({ needs: ['which', 'deploy'], permissions: { contents: 'read' } });
    expect(report.if).toBe("always() && needs.which.result == 'success' && needs.which.outputs.environments != '[]'");
    expect(report.steps.flatMap(({ run }) => run ?? [])).toEqual([
      'npm ci --ignore-scripts',
      'npx create-quilt-mcp-deploy workflow outcome "$RUNNER_TEMP/outcome" "$RUNNER_TEMP/plan"',
    ]);
  });

  it(`the workflows with ${name} plan as the role of planning before somebody approves a deployment, which is refused if it would do anything else`, () => {
    const { which, plan, planned, deploy } = workflowsOf.find((one) => one.name === 'deploy')!.jobs as Record<
      'which' | 'plan' | 'planned' | 'deploy',
      Job
    >;
    expect(plan).toMatchObject({
      needs: 'which',
      environment: '${{ matrix.environment }}-plan',
      strategy: { 'fail-fast': false, matrix: { environment: '${{ fromJSON(needs.which.outputs.environments) }}' } },
    });
    expect(commandsOf(plan).slice(-4)).toEqual([
      'npx create-quilt-mcp-deploy workflow context plan',
      'npm run "check-signature:$ENVIRONMENT"',
      'npm run "report-plan:$ENVIRONMENT" -- --actions "$RUNNER_TEMP/plan"',
      'npx create-quilt-mcp-deploy workflow check "$RUNNER_TEMP/plan"',
    ]);
    // A plan that failed stops only what comes after its environment.
    expect(planned.needs).toEqual(['which', 'plan']);
    expect(planned.if).toBe(
      "needs.which.result == 'success' && needs.which.outputs.environments != '[]' && !cancelled()",
    );
    expect(which.environment).toBeUndefined();
    expect(planned.environment).toBeUndefined();
    expect(deploy).toMatchObject({
      needs: ['which', 'planned'],
      if: "needs.planned.result == 'success' && needs.planned.outputs.environments != '[]' && !cancelled()",
      environment: '${{ matrix.environment }}',
    });
    const steps = commandsOf(deploy);
    const [assumed, approved, checked, deployed] = [
      'npx create-quilt-mcp-deploy workflow context deploy',
      'npx create-quilt-mcp-deploy workflow approved "$RUNNER_TEMP/plan"',
      'npx create-quilt-mcp-deploy workflow check',
      'npm run "deploy:$ENVIRONMENT" -- --no-check ',
    ].map((begin) => steps.findIndex((step) => step.startsWith(begin))) as [number, number, number, number];
    // Both looks are left out if that is asked for, and only then: an event without inputs has none.
    const looks = [plan, deploy].flatMap(({ steps: all }) => all.filter(({ run }) => run?.includes('workflow check')));
    expect(looks.map((step) => step.if)).toEqual(['${{ !inputs.no-check }}', '${{ !inputs.no-check }}']);
    expect(
      [assumed, approved, checked, deployed].every((at, index, all) => at >= 0 && at > (all[index - 1] ?? -1)),
    ).toBe(true);
    // What was compared is what is deployed. The CDK makes a change set of its own; docs/delivery.md says so.
    const given: Readonly<Record<string, RegExp>> = {
      terraform: / "\$RUNNER_TEMP\/plan\/\$ENVIRONMENT\.tfplan"$/,
      cloudformation: / --approved "\$RUNNER_TEMP\/plan\/\$ENVIRONMENT\.json"$/,
      cdk: / --require-approval never$/,
    };
    expect(steps[deployed]).toMatch(given[target]!);
  });

  it(`the workflows with ${name} take an artifact of an earlier attempt only if its job is not run again`, () => {
    const named = new Set<string>();
    for (const { name: workflow, jobs } of workflowsOf) {
      const using = (action: string) =>
        Object.values(jobs).flatMap((job) =>
          job.steps.flatMap((step) => (step.uses?.startsWith(`actions/${action}-artifact@`) ? [{ job, step }] : [])),
        );
      const nameIn = (text: string, attempt: number, environment: string) =>
        text
          .replace('${{ needs.which.outputs.attempt }}', String(attempt))
          .replace('${{ matrix.environment }}', environment);
      for (const { job, step } of [...using('upload'), ...using('download')]) {
        const artifact = String(step.with!.name ?? step.with!.pattern);
        if (OF_ONE_JOB.includes(artifact)) continue;
        named.add(workflow);
        expect([job.needs].flat()).toContain('which');
        expect(jobs.which!.outputs).toMatchObject({ attempt: '${{ github.run_attempt }}' });
      }
      for (const { step } of using('upload')) expect(step.with!.overwrite).toBe(true);
      for (const { step } of using('download')) {
        const wanted = String(step.with!.name ?? step.with!.pattern);
        const kind = wanted.split('-')[0]!;
        const uploaded = using('upload')
          .map((upload) => String(upload.step.with!.name))
          .filter((one) => one.split('-')[0] === kind);
        expect(uploaded).toHaveLength(1);
        if (OF_ONE_JOB.includes(wanted)) continue;
        /** Whether a job of this attempt of `which` takes what a job of that attempt of it left. */
        const takes = (own: number, left: number) => {
          const [begin, end = ''] = nameIn(wanted, own, 'dev').split('*') as [string, string?];
          const there = nameIn(uploaded[0]!, left, 'dev');
          return wanted.includes('*') ? there.startsWith(begin) && there.endsWith(end) : there === begin;
        };
        // "Re-run failed jobs" does not run `which` again, and "Re-run all jobs" does.
        expect([takes(1, 1), takes(2, 1), takes(1, 11), takes(11, 1)]).toEqual([true, false, false, false]);
      }
    }
    expect([...named].sort()).toEqual(['deploy', 'drift', 'validate']);
  });

  it(`the workflows with ${name} install packages in no job that can write, and run the command only if they are installed`, () => {
    for (const { name: id, permissions, steps, environment } of jobs) {
      const commands = steps.flatMap(({ run }) => run ?? []);
      const installs = commands.some((command) => command.startsWith('npm ci'));
      const canWrite =
        environment === 'pull_requests' ||
        Object.entries(permissions).some(([scope, level]) => scope !== 'id-token' && level === 'write');
      if (canWrite) expect({ id, installs }).toEqual({ id, installs: false });
      if (commands.some((command) => command.includes('npx create-quilt-mcp-deploy'))) expect(installs).toBe(true);
    }
  });

  it(`the workflows with ${name} deploy after each push of what deployments read`, () => {
    const { on } = workflowsOf.find((one) => one.name === 'deploy')!;
    const { own, shared, not } = deployedFiles(deploy(target, app));
    expect(on.push.paths).toEqual([...own, ...shared, ...not.map((pattern) => `!${pattern}`)]);
  });

  it(`the workflows with ${name} are not for editing, and say what to do instead`, () => {
    for (const { content, ownership } of files.filter(({ path }) => path.startsWith('.github/'))) {
      expect(ownership).toBe('managed');
      expect(content).toContain('rather than edit it, add a workflow of your own beside it.');
    }
  });
});

interface Workflow {
  readonly name: string;
  readonly on: { readonly push: { readonly paths: readonly string[] } };
  readonly concurrency: { readonly group: string };
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Step {
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly name: string;
  readonly 'runs-on': unknown;
  readonly strategy?: Readonly<Record<string, unknown>>;
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly 'timeout-minutes': number;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly steps: readonly Step[];
}

describe('the workflows', () => {
  it('the workflows look for signatures, with cosign as it signs, if any environment asks for it', () => {
    const deployment = deploy('terraform', undefined);
    const [dev, ...others] = deployment.environments;
    const without = others.map((one) => ({ ...one, access: { verify: 'request' as const } }));
    const none = { ...deployment, environments: [{ ...dev!, access: { verify: 'request' as const } }, ...without] };
    const text = (one: Deployment, name: string) =>
      workflows(one, templates).find(({ path }) => path.endsWith(`/${name}.yml`))!.content;
    const installing = /uses: sigstore\/cosign-installer@.*\n +with:\n +cosign-release: .*/;
    const [asPublished] = installing.exec(text(deployment, 'publish-image'))!;
    for (const name of ['deploy', 'promote']) {
      expect(text(deployment, name)).toContain(asPublished);
      expect(text({ ...deployment, environments: [dev!, ...without] }, name)).toContain(asPublished);
      expect(text(none, name)).not.toMatch(/cosign|check-signature/);
    }
  });

  it('the workflows are the same for every generation', () => {
    for (const conventions of CATALOGUE.filter(isDeployable)) {
      expect(below(deploy('terraform', undefined, conventions))).toEqual(below(deploy('terraform', undefined)));
    }
  });

  it('the workflows differ by whether there is an App: only then there is a pull request', () => {
    const text = (app: App) =>
      below(deploy('terraform', app)).find(({ path }) => path === '.github/workflows/upgrade.yml')!.content;
    expect(text(APPS['an App'])).toContain('upgrade.mjs propose');
    expect(text(APPS['an App'])).not.toContain('issues: write');
    expect(text(undefined)).toContain('upgrade.mjs report');
    expect(text(undefined)).not.toMatch(/secrets\.|contents: write|pull-requests/);
  });
});

/** Names as nobody should give them. */
const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom("'", '"', '\\', '$', '{', '}', ' ', '\n', '\r', ':', '#', '.', '[', ']', '|', '&', 'A', '-'),
    maxLength: 20,
  }),
  fc.constantFrom(
    'A }} ${{ secrets.OTHER',
    "A'] || secrets['B",
    'A }}\n      - run: id\n#',
    '"\n  run: id',
    'A || secrets.B',
    'GITHUB_TOKEN',
    'a',
    '1A',
    '',
  ),
);

/**
 * The parts of a value as GitHub's runner reads it: text, and expressions, whose end it does not look for within a text
 * between apostrophes.
 */
function readTemplate(value: string): { readonly text: string; readonly expressions: readonly string[] } {
  const expressions: string[] = [];
  let text = '';
  let at = 0;
  for (;;) {
    const begin = value.indexOf('${{', at);
    if (begin < 0) return { text: text + value.slice(at), expressions };
    text += value.slice(at, begin);
    let end = begin + 3;
    for (let quoted = false; quoted || !value.startsWith('}}', end); end++) {
      if (end >= value.length) throw new Error(`an expression without end: ${value}`);
      if (value[end] === "'") quoted = !quoted;
    }
    expressions.push(value.slice(begin + 3, end).trim());
    at = end + 2;
  }
}

/** The name that an expression takes from a context; undefined where it is anything else. */
function readEntry(context: string, expression: string): string | undefined {
  const match = /^(\w+)(?:\.([A-Za-z_]\w*)|\['((?:[^']|'')*)'\])$/.exec(expression);
  return match?.[1] === context ? (match[2] ?? match[3]!.replaceAll("''", "'")) : undefined;
}

describe('a hostile name', () => {
  it('a hostile name is refused as an answer', () => {
    const { repository } = answersSchema.shape;
    const accepts = (app: object) => repository.safeParse({ name: 'a/b', app }).success;
    expect(accepts({ idVariable: 'A', keySecret: 'B_1' })).toBe(true);
    expect(accepts({ idVariable: 'A' })).toBe(false);
    expect(accepts({ idVariable: 'A', keySecret: 'B', key: 'C' })).toBe(false);
    fc.assert(
      fc.property(hostile, (name) => {
        const good = /^[A-Z_][A-Z0-9_]*$/.test(name) && !name.startsWith('GITHUB_');
        expect(accepts({ idVariable: name, keySecret: 'B' })).toBe(good);
        expect(accepts({ idVariable: 'A', keySecret: name })).toBe(good);
      }),
    );
  });

  it('a hostile name stays one name in an expression, whatever is in it', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom('vars' as const, 'secrets' as const), (name, context) => {
        const { text, expressions } = readTemplate(parseYaml(yamlScalar(githubExpression(context, name))) as string);
        expect(text).toBe('');
        expect(expressions).toHaveLength(1);
        expect(readEntry(context, expressions[0]!)).toBe(name);
      }),
    );
  });

  it('a hostile name changes nothing else in a workflow, even if nobody refused it', () => {
    const deployment = deploy('terraform', APPS['an App']);
    /** The workflows without the names of the App, and these. */
    const parsed = (idVariable: string, keySecret: string) => {
      const repository = { ...deployment.repository, app: { idVariable, keySecret } };
      const names: { readonly id: string; readonly key: string }[] = [];
      const others = workflows({ ...deployment, repository }, templates)
        .filter(isWorkflow)
        .map(({ content }) => {
          const workflow = parseYaml(content) as { jobs: Record<string, Job> };
          for (const step of Object.values(workflow.jobs).flatMap(({ steps }) => steps)) {
            if (!step.uses?.startsWith('actions/create-github-app-token@')) continue;
            const { 'client-id': id, 'private-key': key, ...rest } = step.with as Record<string, string>;
            names.push({ id: id!, key: key! });
            Object.assign(step, { with: rest });
          }
          return workflow;
        });
      return { others, names };
    };
    const { others } = parsed('A', 'B');
    fc.assert(
      fc.property(hostile, hostile, (id, key) => {
        const made = parsed(id, key);
        expect(made.others).toEqual(others);
        expect(made.names).toHaveLength(4);
        for (const name of made.names) {
          expect(readTemplate(name.id).expressions.map((one) => readEntry('vars', one))).toEqual([id]);
          expect(readTemplate(name.key).expressions.map((one) => readEntry('secrets', one))).toEqual([key]);
        }
      }),
      { numRuns: runs(50) },
    );
  });

  it('a hostile name of a runner is refused as an answer, or GitHub takes it for a label', () => {
    const { delivery } = answersSchema.shape;
    const accepts = (runner: unknown) => delivery.safeParse({ runner }).success;
    fc.assert(
      fc.property(hostile, (label) => {
        const good =
          /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(label) && !label.includes(',') && label.length <= 256;
        expect(accepts(label)).toBe(good);
        expect(accepts([label])).toBe(good);
        expect(accepts({ group: 'vpn', labels: label })).toBe(good);
        expect(accepts({ group: 'vpn', labels: ['self-hosted', label] })).toBe(good && label !== 'self-hosted');
      }),
    );
  });

  it('a hostile name of a runner is in the data of the environment alone, in no workflow and no script, even if nobody refused it', () => {
    const text = (runner: Runner) =>
      [...workflows(withRunner(runner), templates), ...deliveryFiles(withRunner(runner))].map(
        ({ path, content }) => [path, content] as const,
      );
    const isData = (path: string) => path === 'deploy/environments.json';
    const usual = text('a').filter(([path]) => !isData(path));
    const anyRunner = fc.oneof(hostile, fc.array(hostile), fc.record({ group: hostile, labels: fc.array(hostile) }));
    fc.assert(
      fc.property(anyRunner, (runner) => {
        const files = text(runner);
        expect(files.filter(([path]) => !isData(path))).toEqual(usual);
        const data = JSON.parse(files.find(([path]) => isData(path))![1]);
        expect(data.environments.map((one: { runner?: Runner }) => one.runner)).toEqual([undefined, undefined, runner]);
      }),
      { numRuns: runs(50) },
    );
  });

  const PLACES = {
    'an environment': (name: string, deployment: Deployment): Deployment => ({
      ...deployment,
      environments: deployment.environments.map((one, index) => (index === 0 ? { ...one, name } : one)),
    }),
    'the repository': (name: string, deployment: Deployment): Deployment => ({
      ...deployment,
      repository: { ...deployment.repository, name },
    }),
    'a tag of the image': (version: string, deployment: Deployment): Deployment => ({
      ...deployment,
      image: { ...deployment.image, version },
    }),
    'a registry': (registry: string, deployment: Deployment): Deployment => ({
      ...deployment,
      image: { ...deployment.image, upstream: { ...deployment.image.upstream, registry } },
    }),
    'a stack': (name: string, deployment: Deployment): Deployment => ({ ...deployment, name }),
  };

  it.each(Object.entries(PLACES))(
    'a hostile name of %s is in no workflow and no script, even if nobody refused it',
    (_, withName) => {
      const deployment = deploy('terraform', APPS['an App']);
      const code = (one: Deployment) => workflows(one, templates);
      const usual = code(deployment);
      expect(usual.length).toBeGreaterThan(10);
      fc.assert(
        fc.property(hostile, (name) => {
          expect(code(withName(name, deployment))).toEqual(usual);
        }),
        { numRuns: runs(50) },
      );
    },
  );

  it('a hostile name of an environment is data for the scripts, and no word of a task that nobody refused', () => {
    const deployment = deploy('terraform', undefined);
    fc.assert(
      fc.property(hostile, (name) => {
        const files = deliveryFiles(PLACES['an environment'](name, deployment));
        const data = JSON.parse(files.find(({ path }) => path === 'deploy/environments.json')!.content);
        expect(data.environments[0].name).toBe(name);
        const [, dev] = Object.entries(exampleAnswers().environments)[0]!;
        const answers = { ...exampleAnswers(), environments: { [name]: dev } };
        const accepted = () => readConfig(answers, 'test');
        if (/^[a-z][a-z0-9-]*$/.test(name)) return;
        expect(accepted).toThrow(/environments/);
      }),
    );
  });
});
