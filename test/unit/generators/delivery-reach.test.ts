import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../../src/config/example';
import { type Answers, TARGETS } from '../../../src/config/repository';
import { runScript } from '../../support/delivery-script';
import { putAnswers } from '../../support/put-program';
import { type EmittedRepository, emitRepository } from '../../support/repository';

const DIGEST = `sha256:${'0'.repeat(64)}`;
const ACCOUNT = '111122223333';
const NAMES = ['dev', 'staging', 'production'];

type Delivery = NonNullable<Answers['delivery']>;

/** The example with roles, and what is said of delivery: for all, and by environment. */
function answers(
  common?: Delivery,
  own: Record<string, Delivery> = {},
  target: Answers['target'] = 'terraform',
): Answers {
  const draft = structuredClone(exampleAnswers(undefined, target));
  draft.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
  draft.oidcProviders = { [ACCOUNT]: { create: true } };
  if (common) draft.delivery = common;
  for (const [name, delivery] of Object.entries(own)) draft.environments[name]!.delivery = delivery;
  return draft;
}

describe('the scripts of delivery', () => {
  let folder: string;
  let repository: EmittedRepository;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'reach-'));
    mkdirSync(join(folder, 'bin'));
  });
  afterEach(() => {
    repository?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const emit = (...args: Parameters<typeof answers>) => {
    repository = emitRepository(answers(...args));
  };

  const run = (args: readonly string[], env?: NodeJS.ProcessEnv) => runScript(repository.directory, folder, args, env);

  /** An AWS CLI for which the service of an environment is at rest, with healthy targets. */
  function answerAsHealthy(): void {
    const answer = {
      'describe-services': {
        services: [
          {
            status: 'ACTIVE',
            deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }],
            runningCount: 1,
            desiredCount: 1,
            taskDefinition: 'arn:task',
            loadBalancers: [{ targetGroupArn: 'arn:a' }],
          },
        ],
      },
      'describe-task-definition': { taskDefinition: { containerDefinitions: [{ image: `x@${DIGEST}` }] } },
      'describe-target-health': { TargetHealthDescriptions: [{ TargetHealth: { State: 'healthy' } }] },
    };
    const patterns = Object.entries(answer).map(([name, says]) => [`* ${name} *`, { says }]);
    putAnswers(join(folder, 'bin/aws'), Object.fromEntries(patterns));
  }

  describe('verify', () => {
    let server: Server;
    let requests: number;
    let status: number;
    beforeEach(async () => {
      [requests, status] = [0, 401];
      server = createServer((request, response) => {
        requests += 1;
        request.resume().on('end', () => response.writeHead(status).end());
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return () => {
        server.closeAllConnections();
        server.close();
      };
    });

    const verify = async (delivery: Delivery | undefined, ...args: string[]) => {
      emit(delivery);
      answerAsHealthy();
      repository.setDigest('dev', DIGEST);
      const file = join(repository.directory, 'deploy/environments.json');
      const data = JSON.parse(readFileSync(file, 'utf8'));
      data.environments[0].smoke.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
      writeFileSync(file, JSON.stringify(data));
      return run(['verify', 'dev', ...args]);
    };

    it("the delivery command verify takes AWS's view alone if the answers say so, and says that the request is left out", async () => {
      const { exitCode, output, summary } = await verify({ verify: 'aws' });
      expect(exitCode).toBe(0);
      expect(requests).toBe(0);
      for (const said of [output, summary]) {
        expect(said).toMatch(
          /dev runs sha256:0+: the service is at rest and its targets are healthy\. No request was sent/,
        );
        expect(said).toContain('npm run verify:dev -- --request');
      }
    });

    it('the delivery command verify sends the request all the same if it is asked to', async () => {
      const { exitCode, output } = await verify({ verify: 'aws' }, '--request');
      expect({ exitCode, requests }).toEqual({ exitCode: 0, requests: 1 });
      expect(output).toMatch(/^dev runs sha256:0+\.\n$/);
      status = 200;
      expect((await run(['verify', 'dev', '--request'])).output).toMatch(/answers 200 to a request without a token/);
    });

    it('the delivery command verify sends the request by default, and says nothing of what is left out', async () => {
      const { exitCode, output, summary } = await verify(undefined);
      expect({ exitCode, requests, summary }).toEqual({ exitCode: 0, requests: 1, summary: '' });
      expect(output).toMatch(/^dev runs sha256:0+\.\n$/);
    });
  });

  it('the scripts of delivery tell the workflow a runner for each environment that is deployed, if any environment names one', async () => {
    const group = { group: 'vpn', labels: ['linux'] };
    emit(undefined, { staging: { runner: group }, production: { runner: '"; id #' } });
    for (const name of NAMES) writeFileSync(join(folder, `${name}.json`), '["update x"]');
    const deploymentsOf = async (name: string) =>
      JSON.parse(
        (await run(['workflow', 'planned', folder], { ENVIRONMENTS: JSON.stringify([name]) })).told.deployments!,
      );
    expect(await deploymentsOf('dev')).toEqual([{ environment: 'dev', runner: 'ubuntu-24.04' }]);
    expect(await deploymentsOf('staging')).toEqual([{ environment: 'staging', runner: group }]);
    expect(await deploymentsOf('production')).toEqual([{ environment: 'production', runner: '"; id #' }]);
  });

  it('the scripts of delivery tell the workflow no runner if no environment names one', async () => {
    emit();
    writeFileSync(join(folder, 'dev.json'), '["update x"]');
    expect((await run(['workflow', 'planned', folder], { ENVIRONMENTS: '["dev"]' })).told).toEqual({
      environments: '["dev"]',
    });
  });

  it.each(TARGETS)('the scripts of delivery name at once all that a runner lacks to deploy with %s', async (target) => {
    emit(undefined, {}, target);
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const none = await run(['workflow', 'tools'], { PATH: empty });
    expect(none.exitCode).toBe(1);
    const tools = ['git', 'aws', ...(target === 'terraform' ? ['unzip'] : [])];
    expect(none.output).toContain(`This runner has no ${tools.join(', no ')} on its PATH.`);
    const page = readFileSync(join(repository.directory, 'docs/delivery.md'), 'utf8');
    expect(page).toContain('## Runners of your own');
    const [, listed] = /## Runners of your own\n([\s\S]*?)\n## /.exec(page)!;
    for (const tool of tools) expect(listed).toContain(`\`${tool}\``);
    for (const tool of tools) symlinkSync(process.execPath, join(empty, tool));
    expect(await run(['workflow', 'tools'], { PATH: empty })).toMatchObject({ exitCode: 0, output: '' });
  });

  describe('outcome', () => {
    const outcome = async (statuses: Record<string, string>, names: readonly string[] = NAMES) => {
      emit();
      const outcomes = join(folder, 'outcome');
      mkdirSync(outcomes);
      for (const [name, text] of Object.entries(statuses)) writeFileSync(join(outcomes, `${name}.txt`), `${text}\n`);
      for (const name of NAMES) writeFileSync(join(folder, `${name}.json`), '["update x"]');
      return run(['workflow', 'outcome', outcomes, folder], { ENVIRONMENTS: JSON.stringify(names) });
    };

    it('the delivery command outcome says that all were deployed, and nothing of what to do', async () => {
      const { exitCode, summary } = await outcome({ dev: 'success', staging: 'success', production: 'success' });
      expect(exitCode).toBe(0);
      expect(summary).toBe(
        NAMES.map((name) => `- **${name}**: deployed and verified`)
          .join('\n')
          .concat('\n\n'),
      );
    });

    it('the delivery command outcome names the environment that failed, those after it with the reason, and how to run each', async () => {
      const { exitCode, summary } = await outcome({ dev: 'success', staging: 'failure' });
      expect(exitCode).toBe(0);
      expect(summary).toContain(
        '- **dev**: deployed and verified\n- **staging**: failed: the log of the job deploy (staging) says where\n- **production**: not deployed, because staging was not: environments are deployed in the order of promotion\n',
      );
      const commands = summary.match(/^- \w+: `.*$/gm);
      expect(commands).toEqual(
        ['staging', 'production'].map(
          (name) =>
            `- ${name}: \`gh workflow run deploy -f environment=${name}\`, or by hand \`npm run deploy:${name}\` and then \`npm run verify:${name}\``,
        ),
      );
    });

    it('the delivery command outcome says why an environment may not have begun, if none before it failed', async () => {
      const { summary } = await outcome({}, ['dev', 'production']);
      expect(summary).toMatch(/^- \*\*dev\*\*: not deployed: nobody let its job begin, no runner took it/);
      expect(summary).toMatch(/- \*\*production\*\*: not deployed, because dev was not/);
    });

    it('the delivery command outcome says what was cancelled, and takes a status that it does not know for none', async () => {
      const { summary } = await outcome({ dev: 'cancelled', staging: 'toString' });
      expect(summary).toMatch(/^- \*\*dev\*\*: cancelled/);
      expect(summary).toMatch(/\*\*staging\*\*: not deployed, because dev was not/);
    });

    it('the delivery command outcome refuses an environment that is none', async () => {
      const { exitCode, output } = await outcome({}, ['../x']);
      expect(exitCode).toBe(1);
      expect(output).toMatch(/There is no environment "\.\.\/x"/);
    });
  });

  it('the commands of delivery work in any folder of a repository, and refuse what is none and a word too many', async () => {
    emit();
    const below = join(repository.directory, 'deploy/images');
    const named = await runScript(below, folder, ['set-image', 'dev', DIGEST]);
    expect(named).toMatchObject({ exitCode: 0, told: { digest: DIGEST, environment: 'dev' } });
    expect(readFileSync(join(below, 'dev.json'), 'utf8')).toBe(`{ "digest": "${DIGEST}" }\n`);
    const report = await runScript(below, folder, ['report-plan', 'staging', '--report', 'here.txt']);
    expect(report.exitCode, report.output).toBe(0);
    expect(readFileSync(join(below, 'here.txt'), 'utf8')).toContain('names no image yet: nothing to plan.');
    const outside = await runScript(folder, folder, ['verify', 'dev']);
    expect(outside).toMatchObject({ exitCode: 2, output: expect.stringContaining('there is no mcp-deploy.json here') });
    for (const args of [
      ['verify', 'dev', 'more'],
      ['workflow', 'tools', 'more'],
      ['workflow', 'toString'],
      ['verify', 'dev', '--requests'],
    ]) {
      expect(await run(args)).toMatchObject({ exitCode: 2, output: expect.stringMatching(/^✗ /) });
    }
    expect(await run(['verify', 'other'])).toMatchObject({
      exitCode: 1,
      output: '✗ There is no environment "other". There are dev, staging, production.\n',
    });
  });

  it('the scripts of delivery name the environments that nothing is planned or compared for, with the reason, if they are asked to', async () => {
    emit();
    repository.setDigest('staging', DIGEST);
    const { told, summary } = await run(['workflow', 'list', '--left-out']);
    expect(told).toEqual({ first: 'dev', named: '["staging"]', publisher: 'dev' });
    expect(summary).toBe(
      ['dev', 'production']
        .map(
          (name) =>
            `${name} is left out, because deploy/images/${name}.json names no image yet. Publish or promote one: docs/delivery.md.\n\n`,
        )
        .join(''),
    );
    expect((await run(['workflow', 'list'])).summary).toBe('');
    expect(existsSync(join(repository.directory, 'docs/delivery.md'))).toBe(true);
  });
});
