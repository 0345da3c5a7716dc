import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../../../src/config/example';
import { STATEMENTS } from '../../../../src/operations/delivery/vouch';
import { fences } from '../../../support/markdown';
import { OWN_COMMAND } from '../../../support/own-command';
import { putAnswers } from '../../../support/put-program';
import { type EmittedRepository, emitRepository } from '../../../support/repository';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const IMAGE = `111122223333.dkr.ecr.us-east-1.amazonaws.com/quilt-mcp-server-dev@${DIGEST}`;
const WORKFLOW = 'https://github.com/example/quilt-mcp-deploy/.github/workflows/publish-image.yml';
const by = (branch: string) =>
  `--certificate-oidc-issuer https://token.actions.githubusercontent.com --certificate-identity ${WORKFLOW}@refs/heads/${branch}`;

describe('the signature of an image', () => {
  let folder: string;
  let repository: EmittedRepository;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signature-'));
    mkdirSync(join(folder, 'bin'));
    const answers = structuredClone(exampleAnswers());
    answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
    answers.oidcProviders = { '111122223333': { create: true } };
    answers.environments.staging!.delivery = { verifySignature: false };
    repository = emitRepository(answers);
    repository.setDigest('dev', DIGEST);
    standIns();
    return () => {
      repository.remove();
      rmSync(folder, { recursive: true, force: true });
    };
  });

  /** Commands that reach a registry: each call is written down; cosign fails for what is called so. */
  function standIns(fails = 'nothing'): void {
    for (const name of ['aws', 'cosign', 'regctl']) {
      const refused = { error: 'Error: no matching signatures', exitCode: 1 };
      const words = fails.startsWith(`${name} `) ? fails.slice(name.length + 1) : `*${fails}`;
      const answers = { [`${words}*`]: refused, '*': {} };
      putAnswers(join(folder, 'bin', name), answers, { calls: join(folder, 'calls'), named: true });
    }
  }

  const file = () => join(repository.directory, 'deploy/images/dev.json');
  const run = async (task: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => {
    const [calls, summary] = [join(folder, 'calls'), join(folder, 'summary')];
    for (const path of [calls, summary]) writeFileSync(path, '');
    const PATH = [join(folder, 'bin'), process.env.PATH].join(delimiter);
    const result = await repository.run(task, args, { PATH, GITHUB_STEP_SUMMARY: summary, ...env });
    const called = readFileSync(calls, 'utf8').trim().split('\n').filter(Boolean);
    return { ...result, called, summary: readFileSync(summary, 'utf8') };
  };

  it('the signature of an image must be of the workflow that publishes, as GitHub says, and so must each statement', async () => {
    const { exitCode, called, output } = await run('check-signature:dev', [], { DEFAULT_BRANCH: 'trunk' });
    expect(exitCode, output).toBe(0);
    expect(called).toEqual([
      'aws ecr get-login-password --region us-east-1',
      'cosign login --username AWS --password-stdin 111122223333.dkr.ecr.us-east-1.amazonaws.com',
      `cosign verify ${by('trunk')} ${IMAGE}`,
      `cosign verify-attestation --type spdxjson ${by('trunk')} ${IMAGE}`,
      `cosign verify-attestation --type slsaprovenance1 ${by('trunk')} ${IMAGE}`,
    ]);
    const types = STATEMENTS.flatMap(({ attested }) => attested?.type ?? []);
    expect(types).toEqual(['spdxjson', 'slsaprovenance1']);
    // By hand, of the branch that Git knows, or main.
    expect((await run('check-signature:dev', [], { DEFAULT_BRANCH: '' })).called[2]).toBe(
      `cosign verify ${by('main')} ${IMAGE}`,
    );
  });

  it.each([
    ['signature', 'cosign verify --'],
    ['bill of materials', '--type spdxjson'],
    ['provenance', '--type slsaprovenance1'],
  ])('the signature of an image is refused without its %s, in words that say what to do', async (what, call) => {
    standIns(call);
    const { exitCode, output } = await run('check-signature:dev', [], { DEFAULT_BRANCH: 'main' });
    expect(exitCode).toBe(1);
    expect(output).toContain(
      `✗ ${IMAGE} is not signed as dev demands (delivery.verifySignature). Its ${what} must be by ${WORKFLOW}@refs/heads/main, as https://token.actions.githubusercontent.com says.\n`,
    );
    expect(output).toContain('Take an image that the workflow publish-image published');
    expect(output).toContain(`npm run set-image:dev -- ${DIGEST} --unsigned REASON, and merge deploy/images/dev.json`);
    expect(output).toContain('no matching signatures');
  });

  it.each(['', null, true, {}, 'two\nlines', ' '])(
    'the signature of an image is not left out for %j in the digest file, which is no reason',
    async (unsigned) => {
      writeFileSync(file(), JSON.stringify({ digest: DIGEST, unsigned }));
      const { exitCode, output, called } = await run('check-signature:dev');
      expect({ exitCode, called }).toEqual({ exitCode: 1, called: [] });
      expect(output).toContain('--unsigned takes a reason');
    },
  );

  it('the signature of an image is not looked for if somebody says why, and the reason stays in the digest file', async () => {
    const reason = 'built by hand: GitHub is down, see ticket 7';
    const { exitCode } = await run('set-image:dev', [DIGEST, '--unsigned', reason]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({ digest: DIGEST, unsigned: reason });
    const { called, summary } = await run('check-signature:dev');
    expect(called).toEqual([]);
    const said = `dev: nobody looked for a signature of ${IMAGE}. The reason that was given:`;
    expect(summary).toBe(`${said}\n\n    ${reason}\n\n`);
    // The same image keeps it, another one has none.
    const written = readFileSync(file(), 'utf8');
    await run('set-image:dev', [DIGEST]);
    expect(readFileSync(file(), 'utf8')).toBe(written);
    const other = `sha256:${'f'.repeat(64)}`;
    await run('set-image:dev', [other]);
    expect(readFileSync(file(), 'utf8')).toBe(`{ "digest": "${other}" }\n`);
    expect((await run('check-signature:dev')).called).toHaveLength(5);
    expect(await run('check-signature:dev', ['--unsigned', 'by hand'])).toMatchObject({ exitCode: 0, called: [] });
    // Whatever it is, without what a shell makes of it.
    const asked = (given: string) => {
      const words = [OWN_COMMAND, 'set-image', 'dev', DIGEST, '--unsigned', given];
      return spawnSync(process.execPath, words, { cwd: repository.directory, encoding: 'utf8' });
    };
    const odd = 'a "quoted" \\ ${x} reason: größer';
    expect(asked(odd).status).toBe(0);
    expect(JSON.parse(readFileSync(file(), 'utf8')).unsigned).toBe(odd);
    for (const none of ['', ' ', 'a\nb', 'a\u2028b', 'x'.repeat(201), '--pull x', 'a --pull x']) {
      expect(asked(none)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('one line of 1 to 200 characters'),
      });
    }
  });

  it('the reason against a signature is text in the summary of the run, and no Markdown, and begins no line of the log', async () => {
    const reason = '::warning::# [a](https://example.com) <img src=x> ``` `b`';
    expect(await run('set-image:dev', [DIGEST, '--unsigned', reason])).toMatchObject({ exitCode: 0 });
    const { summary, output } = await run('check-signature:dev');
    expect(summary.split('\n').filter((line) => line.includes('example.com'))).toEqual([`    ${reason}`]);
    expect(output).toContain(` ${reason}\n`);
    expect(output).not.toMatch(/^\s*::/m);
  });

  it('the signature of an image is looked for before it is promoted, if the environment that gets it asks for it', async () => {
    standIns('cosign verify');
    const staging = await run('promote:staging', ['--pull', join(folder, 'image')]);
    expect(staging.called.filter((call) => call.startsWith('cosign'))).toEqual([]);
    writeFileSync(join(repository.directory, 'deploy/images/staging.json'), `{ "digest": "${DIGEST}" }`);
    const production = await run('promote:production', ['--pull', join(folder, 'image')]);
    expect(production).toMatchObject({ exitCode: 1 });
    expect(production.output).toContain('is not signed as production demands');
    expect(production.output).toContain('npm run promote:production -- --unsigned REASON');
    expect(production.called.filter((call) => call.startsWith('regctl'))).toEqual([]);
  });

  it('the signature of an image is verified by hand with the words that the documents have', async () => {
    const { called } = await run('check-signature:dev', [], { DEFAULT_BRANCH: 'main' });
    const page = readFileSync(join(repository.directory, 'docs/delivery.md'), 'utf8');
    const block = fences(page).find(({ content }) => content.includes('signed_by_workflow verify'))!.content;
    for (const call of called.filter((one) => one.startsWith('cosign verify'))) {
      const [, command] = /^cosign (.*) --certificate-oidc-issuer/.exec(call)!;
      expect(block).toContain(`signed_by_workflow ${command}\n`);
    }
    expect(block.replace(/\s*\\\n\s*/g, ' ')).toContain(by('main'));
  });
});
