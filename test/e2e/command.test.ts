import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { exampleAnswers } from '../../src/config/example';
import { LATEST } from '../../src/conventions';
import { COMMAND, type CommandOptions, runCommand } from '../support/command';
import { fakeNpm, fakeProgram as putProgram } from '../support/programs';

const QUICK = ['--yes', '--no-install', '--no-git'];
/** An unprivileged user, for what a superuser is never refused. */
const NOBODY = 65534;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-test-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], options: Partial<CommandOptions> = {}) =>
  runCommand(args, { cwd: folder, ...options });
const answersOf = (directory: string) => JSON.parse(readFileSync(join(folder, directory, 'mcp-deploy.json'), 'utf8'));

const fakeProgram = (name: string, script: string) => putProgram(folder, name, script);

const left = () => readdirSync(folder).filter((entry) => entry !== '.bin');

describe('wrong input', () => {
  const cases: [string, string[], RegExp, ((folder: string) => void)?][] = [
    ['no directory and no terminal', [...QUICK], /name the directory to write to/],
    ['an option that does not exist', ['x', '--dryrun'], /--dryrun is not an option; did you mean --dry-run\?/],
    ['an option without its value', ['x', '--config'], /--config needs a value/],
    ['a flag with a value', ['x', '--yes=no'], /--yes takes no value/],
    ['two directories', ['x', 'y'], /one directory at most/],
    [
      'a directory that is not empty',
      ['x', ...QUICK],
      /x is not empty: a\.txt/,
      (f) => {
        mkdirSync(join(f, 'x'));
        writeFileSync(join(f, 'x/a.txt'), '');
      },
    ],
    ['a file', ['x', ...QUICK], /x is a file/, (f) => writeFileSync(join(f, 'x'), '')],
    ['a file above', ['x/y', ...QUICK], /x\/y cannot be made: x is a file/, (f) => writeFileSync(join(f, 'x'), '')],
    [
      'a target that does not exist',
      ['x', ...QUICK, '--target', 'pulumi'],
      /must be terraform or cloudformation or cdk/,
    ],
    [
      'a file of answers that is not there',
      ['x', '--config', 'no.json'],
      /no\.json: 1 problem[\s\S]*there is no such file/,
    ],
    [
      'a file of answers that is not JSON',
      ['x', '--config', 'a.json'],
      /is not JSON/,
      (f) => writeFileSync(join(f, 'a.json'), '{'),
    ],
    [
      'a file of answers that is not YAML',
      ['x', '--config', 'a.yaml'],
      /is not YAML/,
      (f) => writeFileSync(join(f, 'a.yaml'), 'a: ['),
    ],
    ['a --set without a value', ['x', ...QUICK, '--set', 'name'], /write path\.to\.key=value/],
    ['a --set into a prototype', ['x', ...QUICK, '--set', '__proto__.polluted=1'], /__proto__/],
    ['a command that is mistyped', ['analyse'], /there is no command analyse; did you mean analyze\?.*\.\/analyse/],
    ['a command that does not come first', ['--json', 'conventions'], /conventions is a command, and comes first/],
    ['conventions that are not known', ['conventions', 'show', 'g3x'], /g3x are not known; did you mean g3/],
    ['conventions with an id too few', ['conventions', 'diff', 'g3b'], /conventions diff takes A and B, and got g3b/],
    ['conventions with an option of the main job', ['conventions', '--yes'], /--yes is not an option of conventions/],
    ['wrong answers', ['x', ...QUICK, '--set', 'name=X', '--set', 'environments.dev.capacity.cpu=300'], /2 problems/],
  ];

  it.each(cases)('wrong input (%s): one message, exit code 2, nothing written', async (_, args, message, prepare) => {
    prepare?.(folder);
    const before = readdirSync(folder, { recursive: true });
    const { exitCode, stdout, stderr } = await run(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    if (args.includes('--json')) {
      expect(JSON.parse(stdout)).toMatchObject({ error: expect.stringMatching(message), exitCode: 2 });
    } else {
      expect(stdout).toBe('');
    }
    expect(exitCode).toBe(2);
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });

  it('the command refuses a folder that may not be written to', async () => {
    mkdirSync(join(folder, 'locked'));
    chmodSync(join(folder, 'locked'), 0o555);
    chmodSync(folder, 0o755);
    const uid = process.getuid?.() === 0 ? NOBODY : undefined;
    const { exitCode, stderr } = await run(['locked/x', ...QUICK], { uid });
    expect(stderr).toMatch(/locked\/x cannot be made: .*locked is not writable/);
    expect(exitCode).toBe(2);
    expect(readdirSync(join(folder, 'locked'))).toEqual([]);
  });

  it('the command lists missing answers without a terminal, and does not wait', async () => {
    const { exitCode, stderr } = await run(['x', '--set', 'name=acme']);
    expect(stderr).toMatch(/the answers: \d+ problems, nothing written[\s\S]*There is no terminal to ask in/);
    expect(stderr).toMatch(/environments\.<name>\.network\.listenerArn/);
    expect(stderr).not.toMatch(/^ {2}name /m);
    expect(exitCode).toBe(2);
    expect(left()).toEqual([]);
  });

  it('the command says what to run instead in a repository that was emitted before', async () => {
    await run(['x', ...QUICK]);
    const { exitCode, stderr } = await run(['x', ...QUICK]);
    expect(stderr).toMatch(/npx projen/);
    expect(exitCode).toBe(2);
  });
});

describe('unsafe conventions', () => {
  it('unsafe conventions are emitted for who names them, with a warning in the terminal, in the README and in the tags', async () => {
    const { exitCode, stdout, stderr } = await run(['x', ...QUICK, '--set', 'conventions=g1b']);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^! .*g1b are unsafe/m);
    expect(stdout).not.toMatch(/unsafe/);
    const summary = await run(['y', ...QUICK, '--set', 'conventions=g1b', '--dry-run', '--json']);
    expect(JSON.parse(summary.stdout).warnings).toEqual([stderr.slice('! '.length, -1)]);
    expect(readFileSync(join(folder, 'x/README.md'), 'utf8')).toMatch(/^> \*\*Unsafe\.\*\* .*g1b are unsafe/m);
    const variables = 'x/deploy/terraform/environments/dev/registry/terraform.tfvars.json';
    const { tags } = JSON.parse(readFileSync(join(folder, variables), 'utf8'));
    expect(tags.Warning).toMatch(/^unsafe: /);
    const module = readFileSync(join(folder, 'x/deploy/terraform/modules/mcp_server/main.tf'), 'utf8');
    expect(module).toMatch(/Warning += "unsafe: /);
  });

  it('unsafe conventions are not what anybody gets who names none', async () => {
    const { stderr } = await run(['x', ...QUICK]);
    expect(stderr).not.toMatch(/unsafe/);
    const { tags } = JSON.parse(
      readFileSync(join(folder, 'x/deploy/terraform/environments/dev/registry/terraform.tfvars.json'), 'utf8'),
    );
    expect(tags.Warning).toBeUndefined();
    const module = readFileSync(join(folder, 'x/deploy/terraform/modules/mcp_server/main.tf'), 'utf8');
    expect(module).not.toContain('unsafe: ');
  });
});

describe('roles that deploy', () => {
  const ROLES = {
    repository: { name: 'acme/deploy', ownerId: 12, repositoryId: 345 },
    oidcProviders: { '111122223333': { create: true } },
  };
  const BOUNDARY = 'arn:aws:iam::111122223333:policy/boundary';
  const warned = async (unbounded: readonly string[], roles: object = ROLES) => {
    const answers = { ...exampleAnswers(), ...roles };
    for (const [name, environment] of Object.entries(answers.environments)) {
      if (!unbounded.includes(name)) environment.permissionsBoundaryArn = BOUNDARY;
    }
    writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
    const { stdout, stderr } = await run(['x', '--config', 'answers.json', ...QUICK, '--dry-run', '--json']);
    const { warnings } = JSON.parse(stdout);
    expect(stderr.match(/^! .*$/gm) ?? []).toEqual(warnings.map((warning: string) => `! ${warning}`));
    return warnings;
  };

  it('roles that deploy are warned of if nothing bounds what they give their tasks, in the terminal and in the summary', async () => {
    expect(await warned(['dev', 'production'])).toEqual([
      expect.stringMatching(
        /^the roles that deploy dev and production can give .* permissionsBoundaryArn limits: docs\//,
      ),
    ]);
    expect(await warned(['dev'])).toEqual([expect.stringMatching(/^the role that deploys dev can give its tasks /)]);
    expect(await warned([])).toEqual([]);
    expect(await warned(['dev'], {})).toEqual([]);
  });
});

describe('what is written', () => {
  it('an emitted repository goes into a new directory, parents included', async () => {
    const { exitCode, stdout } = await run(['a/b/c', ...QUICK]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/✓ \d+ files written to a\/b\/c/);
    expect(stdout).toMatch(
      /cd a\/b\/c\n {2}npm install\n {2}# put your answers .*\n {2}# commit the files, .*\n {2}npm run registry:dev/,
    );
    expect(readdirSync(join(folder, 'a/b'))).toEqual(['c']);
  });

  it("an emitted repository has GitHub's environments made before the roles, if answers ask for roles", async () => {
    const roles = { ownerId: 12, repositoryId: 345 };
    const sets = Object.entries(roles).flatMap(([key, id]) => ['--set', `repository.${key}=${id}`]);
    const given = ['--set', 'oidcProviders={"111122223333":{"create":true}}'];
    const next = async (...args: string[]) => JSON.parse((await run(['x', ...QUICK, '--json', ...args])).stdout).next;
    const steps = await next(...sets, ...given);
    const made = steps.indexOf('npm run github:setup -- --reviewer NAME');
    expect(made).toBeGreaterThan(0);
    expect(steps.indexOf('npm run registry:dev')).toBe(made + 1);
    rmSync(join(folder, 'x'), { recursive: true });
    expect((await next()).join('\n')).not.toContain('GitHub');
  });

  it('an emitted repository goes into an empty working directory, which stays the same directory', async () => {
    mkdirSync(join(folder, 'here'));
    const { ino } = statSync(join(folder, 'here'));
    const { exitCode, stdout } = await run(['.', ...QUICK], { cwd: join(folder, 'here') });
    expect(exitCode).toBe(0);
    expect(stdout).not.toMatch(/cd \./);
    expect(statSync(join(folder, 'here')).ino).toBe(ino);
    expect(existsSync(join(folder, 'here/mcp-deploy.json'))).toBe(true);
    expect(existsSync(join(folder, 'here/.projen/sync'))).toBe(false);
  });

  it('an emitted repository is the same wherever it goes', async () => {
    mkdirSync(join(folder, 'empty'));
    await run(['empty', ...QUICK]);
    await run(['new', ...QUICK]);
    expect(execFileSync('diff', ['-r', 'empty', 'new'], { cwd: folder, encoding: 'utf8' })).toBe('');
  });

  it('an emitted repository carries no marker of projen outside of .projen, for the clean-up of projen deletes what does', async () => {
    await run(['x', ...QUICK]);
    const marker = ['~~ Generated by ', 'projen'].join('');
    const files = readdirSync(join(folder, 'x'), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const marked = files
      .map((entry) => join(entry.parentPath, entry.name))
      .filter(
        (file) => !file.includes('/.projen/') && !file.endsWith('.tgz') && readFileSync(file, 'utf8').includes(marker),
      );
    expect(marked).toEqual([]);
  });

  it('the command takes answers from a file, each --set and --target, the later the stronger', async () => {
    const answers = exampleAnswers();
    writeFileSync(join(folder, 'answers.yaml'), stringify(answers));
    const sets = [
      'name=acme',
      'environments.dev.capacity.desired=4',
      'environments.dev.retainData=true',
      'environments.dev.environment.QUILT_BROWSING_SESSION_TTL=60',
      'environments.dev.network.privateSubnetIds=subnet-0123456789abcdef0,subnet-0123456789abcdef1',
      'tags.CostCenter=4711',
      'environments.dev.cors.allowedOrigins=["https://a.example.com"]',
    ];
    const args = ['x', '--config', 'answers.yaml', '--target', 'terraform', ...sets.flatMap((set) => ['--set', set])];
    const { exitCode, stderr } = await run([...args, '--no-install', '--no-git']);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const written = answersOf('x');
    expect(written.name).toBe('acme');
    expect(written.environments.dev.capacity.desired).toBe(4);
    expect(written.environments.dev.retainData).toBe(true);
    expect(written.environments.dev.environment).toEqual({ QUILT_BROWSING_SESSION_TTL: '60' });
    expect(written.environments.dev.network.privateSubnetIds).toEqual([
      'subnet-0123456789abcdef0',
      'subnet-0123456789abcdef1',
    ]);
    expect(written.tags.CostCenter).toBe('4711');
    expect(written.environments.dev.cors.allowedOrigins).toEqual(['https://a.example.com']);
    expect(written.environments.production).toEqual(expect.objectContaining({ account: '111122223333' }));
  });

  it('the command takes from the example what --yes leaves open, and adds no environment to those that are given', async () => {
    const { exitCode } = await run([
      'x',
      ...QUICK,
      '--set',
      'environments.test.account=444455556666',
      '--set',
      'environments.test.network.listenerArn=arn:aws:elasticloadbalancing:us-east-1:444455556666:listener/app/a/0/0',
    ]);
    expect(exitCode).toBe(0);
    expect(Object.keys(answersOf('x').environments)).toEqual(['test']);
  });

  it('the first command of README writes what README shows of it', async () => {
    const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
    const [, command] = /^npm ci && npm run create -- (.*)$/m.exec(readme)!;
    const [, shown, output] = /```console\n\$ npm run create -- (.*)\n([\s\S]*?)```/.exec(readme)!;
    expect(shown).toBe(command);
    mkdirSync(join(folder, 'here'));
    const env = {
      ...fakeNpm(folder, 16, 12),
    };
    const { stdout } = await run([...command!.split(' '), '--no-git'], { cwd: join(folder, 'here'), env });
    const commit = '  # commit the files, with package-lock.json: no commit was made\n';
    expect(stdout.replace(commit, '')).toBe(output!.replace(/^✓ git .*\n/m, ''));
    expect(stdout).toContain(commit);
  });

  it('an emitted repository whose environments share a registry begins with that, and then the roles of the first', async () => {
    const answers = exampleAnswers();
    answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
    answers.oidcProviders = { '111122223333': { create: true } };
    for (const environment of Object.values(answers.environments)) {
      environment.registry = { scope: 'shared', account: '111122223333', region: 'us-east-1' };
    }
    writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
    const { exitCode, stdout, stderr } = await run(['x', '--config', 'answers.json', ...QUICK]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/\n {2}npm run registry:shared\n {2}npm run registry:dev\n/);
  });

  it('an emitted repository is only shown by --dry-run', async () => {
    const { exitCode, stdout } = await run(['x', '--yes', '--dry-run']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^x\/\n/);
    expect(stdout).toMatch(/\n {4}terraform\/\n {6}environments\/\n {8}dev\/\n {10}registry\/\n/);
    expect(stdout).toMatch(/\d+ files, nothing written\n$/);
    expect(left()).toEqual([]);
  });

  it('an emitted repository is summed up by --json as one document on standard output', async () => {
    const { exitCode, stdout, stderr } = await run(['x', ...QUICK, '--json']);
    expect(exitCode).toBe(0);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({
      directory: join(folder, 'x'),
      target: 'terraform',
      conventions: LATEST.id,
      environments: ['dev', 'staging', 'production'],
      dryRun: false,
      install: 'skipped',
      git: 'skipped',
    });
    expect(summary.files).toContain('deploy/images/dev.json');
    expect(summary.files.every((file: string) => existsSync(join(folder, 'x', file)))).toBe(true);
    expect(stderr).toMatch(/files written/);
  });
});

describe('conventions', () => {
  it('conventions are listed, explained and compared, and nothing is written', async () => {
    const cases: [string[], RegExp][] = [
      [[], new RegExp(`^ID +SERVER[^]*^${LATEST.id} +>=${LATEST.versions!.from} `, 'm')],
      [['show', LATEST.id], new RegExp(`^${LATEST.id}: [^]*^Step from \\w+ to ${LATEST.id}$`, 'm')],
      [['diff', 'g3b', 'g3c'], /^ {2}~ default version\n {6}- 0\.21\.0\n {6}\+ 0\.22\.0$/m],
      [['--help'], /^Usage: create-quilt-mcp-deploy conventions /],
    ];
    for (const [args, expected] of cases) {
      const { exitCode, stdout, stderr } = await run(['conventions', ...args]);
      expect(stdout).toMatch(expected);
      expect(stderr).toBe('');
      expect(exitCode).toBe(0);
    }
    expect(left()).toEqual([]);
  });

  it.each([[[]], [['show', LATEST.id]], [['diff', 'g3b', LATEST.id]]])(
    'conventions %s are one JSON document with --json',
    async (args) => {
      const { exitCode, stdout } = await run(['conventions', ...args, '--json']);
      expect(JSON.parse(stdout)).toEqual(expect.any(Object));
      expect(exitCode).toBe(0);
    },
  );

  it('the output of conventions may be piped into what reads a part only', () => {
    const pipe = `"${process.execPath}" "${COMMAND}" conventions show ${LATEST.id} | true`;
    expect(execFileSync('sh', ['-c', `{ ${pipe}; } 2>&1`], { encoding: 'utf8' })).toBe('');
  });
});

describe('what follows', () => {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: join(folder, 'x'), encoding: 'utf8' });
  const IDENTITY = {
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  };

  it('an installation, whose lock file is in the first commit, and the tests follow what is written', async () => {
    const env = fakeNpm(folder, 3, 7);
    const { exitCode, stdout } = await run(['x', '--yes'], { env: { ...env, ...IDENTITY } });
    expect(stdout).toMatch(/✓ 3 packages installed\n✓ its tests: 7 passed\n✓ git repository, first commit\n/);
    expect(exitCode).toBe(0);
    expect(git('ls-files')).toMatch(/^package-lock\.json$/m);
    expect(git('status', '--porcelain')).toBe('');
  });

  it('the command fails if the installation does, and leaves the repository', async () => {
    const env = fakeProgram('npm', 'echo "npm error no network"; exit 1');
    const { exitCode, stdout } = await run(['x', '--yes', '--no-git'], { env });
    expect(stdout).toMatch(/✗ npm install failed\n {4}npm error no network/);
    expect(exitCode).toBe(1);
    expect(existsSync(join(folder, 'x/mcp-deploy.json'))).toBe(true);
  });

  it('the command makes no git repository within another', async () => {
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    const { exitCode, stdout } = await run(['x', '--yes', '--no-install']);
    expect(stdout).toMatch(/- no git repository: the directory lies in one already/);
    expect(exitCode).toBe(0);
    expect(existsSync(join(folder, 'x/.git'))).toBe(false);
  });

  it('the command makes no commit if git does not know whose', async () => {
    const env = {
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      EMAIL: '',
      HOME: folder,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'user.useConfigOnly',
      GIT_CONFIG_VALUE_0: 'true',
    };
    const { exitCode, stdout } = await run(['x', '--yes', '--no-install'], { env });
    expect(stdout).toMatch(/git repository without a commit: git does not know your user\.name/);
    expect(exitCode).toBe(0);
  });

  it.each(['x', 'deep/er/x', '.'])('the command leaves nothing of %s if it is interrupted', async (directory) => {
    const env = fakeProgram('npm', 'touch started; sleep 60 & wait');
    const cwd = directory === '.' ? join(folder, 'here') : folder;
    mkdirSync(cwd, { recursive: true });
    let signalled = false;
    const { exitCode, stderr } = await run([directory, '--yes'], {
      cwd,
      env,
      onOutput: (output, kill) => {
        if (!signalled && output.includes('files written')) {
          signalled = true;
          setTimeout(() => kill('SIGINT'), 300);
        }
      },
    });
    expect(stderr).toMatch(/cancelled, nothing written/);
    expect(exitCode).toBe(1);
    expect(left()).toEqual(directory === '.' ? ['here'] : []);
    expect(readdirSync(cwd).filter((entry) => entry !== '.bin')).toEqual([]);
  });
});
