import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../../src/cli/commands';
import { exampleAnswers } from '../../../../src/config/example';
import type { Answers } from '../../../../src/config/repository';
import { STATEMENTS } from '../../../../src/operations/delivery/vouch';
import { codeSpans, fences, tables } from '../../../support/markdown';
import { OWN_COMMAND, writeNpx } from '../../../support/own-command';
import { type ProgramAnswer, putAnswers } from '../../../support/put-program';
import { type EmittedRepository, emitRepository } from '../../../support/repository';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const UPSTREAM = `sha256:${'1'.repeat(64)}`;
const HOST = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
const uri = (name: string) => `${HOST}/quilt-mcp-server-${name}`;
const promoted = `${uri('staging')}:promoted-0123456789ab`;

/** Answers of the programs that reach a registry: all images are the same one. */
const REGCTL: Readonly<Record<string, ProgramAnswer>> = {
  'manifest head*': { says: DIGEST },
  'manifest get*': { says: { config: { digest: DIGEST } } },
  'blob get*': { says: { os: 'linux', architecture: 'amd64' } },
};

let folder: string;
let calls: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'delivery-docs-'));
  calls = join(folder, 'calls');
  mkdirSync(join(folder, 'bin'));
  for (const name of ['aws', 'cosign', 'crane', 'docker', 'npm', 'regctl']) {
    const answers = { ...(name === 'regctl' ? REGCTL : {}), '*': {} };
    putAnswers(join(folder, 'bin', name), answers, { calls, named: true });
  }
  writeNpx(join(folder, 'bin'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let repository: EmittedRepository;
function emit(image: Partial<Answers['image']> = {}): void {
  const answers = exampleAnswers();
  repository = emitRepository({ ...answers, image: { ...answers.image, ...image } });
}
beforeEach(() => {
  writeFileSync(calls, '');
  return () => repository.remove();
});

const read = (path: string) => readFileSync(join(repository.directory, path), 'utf8');
const environment = () => ({
  ...process.env,
  PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`,
  CALLS: calls,
});
const called = () => readFileSync(calls, 'utf8').trim().split('\n');

/** What the commands of a document call, of the one block that has this in it. */
function followed(path: string, having: string): string[] {
  const blocks = fences(read(path)).filter(({ language, content }) => language === 'sh' && content.includes(having));
  expect(blocks).toHaveLength(1);
  writeFileSync(calls, '');
  execFileSync('sh', ['-eu'], { cwd: repository.directory, input: blocks[0]!.content, env: environment() });
  return called();
}

/** What a command of the delivery calls; that it fails, for nothing is there, is all the same. */
function delivered(...args: string[]): string[] {
  writeFileSync(calls, '');
  spawnSync(process.execPath, [OWN_COMMAND, ...args], { cwd: repository.directory, env: environment() });
  return called();
}

describe('what the documents say is done by hand', () => {
  it('the documents promote an image by hand by digest, with the tag that the task gives, whatever docker/ has become since', () => {
    emit();
    repository.setDigest('dev', DIGEST);
    // It is deployed once it is merged, or the next deployment of the default branch would take it back.
    expect(followed('docs/deployment.md', 'crane copy')).toEqual([`crane copy ${uri('dev')}@${DIGEST} ${promoted}`]);
    expect(JSON.parse(read('deploy/images/staging.json'))).toEqual({ digest: DIGEST });
    expect(delivered('promote', 'staging', '--push', folder)).toContain(`regctl manifest head ${promoted}`);
  });

  const mirrors: [string, Partial<Answers['image']>, number][] = [
    ['in the same registry, by digest', { digest: UPSTREAM }, 1],
    ['in the same registry, by its tag', {}, 1],
    ['in another registry of ECR', { digest: UPSTREAM, registry: '444455556666.dkr.ecr.us-east-1.amazonaws.com' }, 2],
  ];

  it.each(mirrors)('the documents log in to all registries, then pull an image %s and tag it', (_, image, logins) => {
    emit({ mode: 'mirror', ...image });
    const version = exampleAnswers().image.version;
    const byTask = delivered('publish-image').filter((call) => call.startsWith('regctl manifest head'))[0];
    const tagged = byTask?.split(' ').at(-1) ?? `${uri('dev')}:${version}`;
    expect(tagged).toMatch(image.digest ? /:[\d.]+-[0-9a-f]{12}$/ : /:[\d.]+$/);
    for (const [tool, having] of [
      ['docker', 'docker pull'],
      ['crane', 'crane copy'],
    ] as const) {
      const ofTool = followed('README.md', having).filter((call) => call.startsWith(`${tool} `));
      const isLogin = ofTool.map((call) => call.includes(' login '));
      expect(isLogin.lastIndexOf(true)).toBe(logins - 1);
      expect(isLogin.filter(Boolean)).toHaveLength(logins);
      expect(ofTool.at(-1)!.split(' ').at(-1)).toBe(tagged);
    }
  });

  it('the documents go back by the task that looks at what it goes back to, and by nothing else', () => {
    emit();
    const documents = ['README.md', 'docs/deployment.md', 'docs/delivery.md'].map(read).join('\n');
    expect(documents).not.toContain('git checkout COMMIT');
    const blocks = fences(documents).filter(({ content }) => content.includes('rollback:'));
    expect(blocks.map(({ content }) => content)).toEqual([
      'npm run rollback:dev\ngit log --patch -- deploy/images/dev.json\nnpm run rollback:dev -- DIGEST\n',
    ]);
    expect(read('docs/delivery.md')).toContain('(deployment.md#roll-back)');
  });

  it('the documents look at the signature and at each statement that is made of an image', () => {
    emit();
    repository.setDigest('dev', DIGEST);
    const workflow = 'https://github.com/example/quilt-mcp-deploy/.github/workflows/publish-image.yml@refs/heads/main';
    const by = `--certificate-oidc-issuer https://token.actions.githubusercontent.com --certificate-identity ${workflow}`;
    const types = STATEMENTS.flatMap(({ attested }) => attested?.type ?? []);
    expect(types).toHaveLength(2);
    expect(followed('docs/delivery.md', 'cosign').filter((call) => / verify/.test(call))).toEqual([
      `cosign verify ${by} ${uri('dev')}@${DIGEST}`,
      ...types.map((type) => `cosign verify-attestation --type ${type} ${by} ${uri('dev')}@${DIGEST}`),
    ]);
  });
});

describe('what the documents say is refused', () => {
  const row = (what: RegExp) => {
    const [table] = tables(read('docs/delivery.md')).filter(([header]) => header![1] === 'Who refuses it');
    return codeSpans(table!.find(([cell]) => what.test(cell!))![1]!);
  };

  it('the documents say that something is refused only by commands that there are', () => {
    emit();
    const [table] = tables(read('docs/delivery.md')).filter(([header]) => header![1] === 'Who refuses it');
    const commands = COMMANDS.map(({ name }) => name);
    const named = table!.slice(1).flatMap(([, who]) => codeSpans(who!));
    expect(named.filter((name) => ![...commands, 'plan', 'deploy', 'deploy/images/'].includes(name))).toEqual([]);
  });

  it('the documents say that set-image refuses no digest that it is told, as long as it is one', () => {
    emit();
    expect(delivered('set-image', 'dev', DIGEST)).toEqual(['']);
    expect(JSON.parse(read('deploy/images/dev.json'))).toEqual({ digest: DIGEST });
    delivered('set-image', 'dev', 'latest');
    expect(JSON.parse(read('deploy/images/dev.json'))).toEqual({ digest: DIGEST });
    expect(row(/hexadecimal/)).toContain('set-image');
    for (const what of [/does not have/, /another platform/, /never named/, /other conventions/]) {
      expect(row(what)).not.toContain('set-image');
    }
  });
});
