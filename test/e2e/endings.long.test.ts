import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { TARGETS } from '../../src/config/repository';
import { type CommandOptions, type CommandResult, runCommand } from '../support/command';
import { fakeNpm, fakeProgram } from '../support/programs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'endings-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], options: Partial<CommandOptions> = {}) =>
  runCommand(args, { cwd: folder, ...options });
const OFFLINE = ['--yes', '--no-git', '--target', 'cloudformation', '--json'];
const LINTER = () => fakeProgram(folder, 'cfn-lint', 'echo cfn-lint 1.51.0');

describe('--json prints one JSON document, with the exit code in it,', () => {
  const document = ({ stdout, exitCode }: CommandResult) => {
    const parsed = JSON.parse(stdout);
    expect(parsed.exitCode).toBe(exitCode);
    return parsed;
  };
  const wrong: [string, string[], RegExp][] = [
    ['an option that is not known', ['x', '--json', '--nope'], /--nope is not an option/],
    ['no directory', ['--yes', '--json'], /name the directory to write to/],
    ['a directory that is not empty', ['.', '--yes', '--json'], /is not empty/],
    ['a home of somebody else', ['~root/x', '--yes', '--json'], /is not expanded here/],
    ['a command that is mistyped', ['conventions', 'show', 'nope', '--json'], /nope are not known/],
    ['no repository', ['diff', '--json'], /there is no mcp-deploy\.json here/],
  ];
  it.each(wrong)('--json prints one JSON document, with the exit code in it, after %s', async (_, args, message) => {
    writeFileSync(join(folder, 'a.txt'), '');
    const result = await run(args);
    expect(document(result)).toEqual({ error: expect.stringMatching(message), problems: [], exitCode: 2 });
    expect(result.stderr).toMatch(message);
  });

  it('--json prints one JSON document, with the exit code in it, after answers that are wrong, each with its place', async () => {
    const parsed = document(
      await run(['x', ...OFFLINE, '--set', 'name=X Y', '--set', 'environments.dev.capacity.cpu=3']),
    );
    expect(parsed.exitCode).toBe(2);
    expect(parsed.problems).toEqual([
      expect.objectContaining({ path: 'name', found: 'X Y', message: expect.any(String) }),
      expect.objectContaining({ path: 'environments.dev.capacity.cpu' }),
    ]);
  });

  it('--json prints one JSON document, with the exit code in it, after answers that are missing', async () => {
    const { problems, exitCode } = document(await run(['x', '--json', '--set', 'name=acme']));
    expect(exitCode).toBe(2);
    expect(problems.map(({ path }: { path: string }) => path)).toContain('repository.name');
  });

  it('--json prints one JSON document, with the exit code in it, after an installation that failed, with what npm said', async () => {
    const env = fakeProgram(folder, 'npm', 'echo "npm error code E404" >&2; exit 1');
    const parsed = document(await run(['x', ...OFFLINE], { env }));
    expect(parsed).toMatchObject({
      exitCode: 1,
      install: 'failed',
      tests: 'skipped',
      steps: { install: 'npm install failed' },
      problems: [{ step: 'install', message: 'npm install failed:\nnpm error code E404' }],
    });
    expect(parsed.files.length).toBeGreaterThan(40);
  });

  it('--json prints one JSON document, with the exit code in it, without npm, and says so', async () => {
    const parsed = document(await run(['x', ...OFFLINE], { env: { PATH: join(folder, 'nothing') } }));
    expect(parsed.problems).toEqual([
      expect.objectContaining({ message: 'npm install failed: npm is not on the PATH' }),
    ]);
  });

  it('--json prints one JSON document, with the exit code in it, after tests that failed, with what they said', async () => {
    fakeNpm(folder, 3, 0, 7);
    const parsed = document(await run(['x', ...OFFLINE], { env: LINTER() }));
    expect(parsed).toMatchObject({
      exitCode: 1,
      install: 'done',
      tests: 'failed',
      steps: { tests: 'its tests: 7 failed' },
      problems: [{ step: 'tests', message: expect.stringMatching(/^its tests: 7 failed\na test: a reason\n/) }],
    });
  });

  it('--json prints one JSON document, with the exit code in it, after Ctrl-C', async () => {
    const env = fakeProgram(folder, 'npm', 'sleep 60 & wait');
    let signalled = false;
    const result = await run(['x', ...OFFLINE], {
      env,
      onOutput: (output, kill) => {
        if (signalled || !output.includes('files written')) return;
        signalled = true;
        setTimeout(() => kill('SIGINT'), 200);
      },
    });
    expect(document(result)).toEqual({ error: 'cancelled, nothing written', problems: [], exitCode: 1 });
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });

  it('--json prints one JSON document, with the exit code in it, after success', async () => {
    const env = { ...fakeNpm(folder, 5, 7), ...LINTER() };
    expect(document(await run(['x', ...OFFLINE], { env }))).toMatchObject({
      exitCode: 0,
      problems: [],
      notes: [],
      steps: { install: '5 packages installed', tests: 'its tests: 7 passed' },
    });
    expect(document(await run(['y', '--yes', '--dry-run', '--json']))).toMatchObject({ dryRun: true, steps: {} });
  });
});

describe('an installation is ticked only if it happened:', () => {
  const lies: [string, string, RegExp][] = [
    [
      'npm that writes no lock file',
      'mkdir -p node_modules; echo "added 16 packages"',
      /there is no package-lock\.json/,
    ],
    ['npm that only writes a lock file', 'echo "{}" > package-lock.json', /constructs is not in package-lock\.json/],
    ['npm that does nothing', 'true', /there is no package-lock\.json/],
  ];
  it.each(lies)('an installation is ticked only if it happened: %s', async (_, script, message) => {
    const { exitCode, stdout } = await run(['x', '--yes'], { env: fakeProgram(folder, 'npm', script) });
    expect(stdout).toMatch(/^✗ npm install did not do its work: /m);
    expect(stdout).toMatch(message);
    expect(exitCode).toBe(1);
    expect(existsSync(join(folder, 'x/.git'))).toBe(false);
  });

  it('a real npm installs what is to be installed, whatever its user, its machine or its caller has set', async () => {
    const settings = [
      ...['package-lock=false', 'package-lock-only=true', 'save=false', 'dry-run=true', 'ignore-scripts=true'],
      ...['omit=dev', 'global=true', 'location=global', 'json=true', 'loglevel=silent', 'audit=true'],
    ];
    writeFileSync(join(folder, 'npmrc'), `${settings.join('\n')}\n`);
    // As one of its packages, an npm project of the user would install it.
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, workspaces: ['x'] }));
    const env = {
      ...LINTER(),
      NODE_ENV: 'production',
      FORCE_COLOR: '1',
      npm_config_userconfig: join(folder, 'npmrc'),
      npm_config_user_agent: 'yarn/1.22.22 npm/? node/v20.20.2 linux x64',
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_frozen_lockfile: 'true',
      YARN_REGISTRY: 'http://127.0.0.1:9/',
    };
    const { exitCode, stdout } = await run(['x', '--yes', '--no-git', '--target', 'cloudformation'], { env });
    expect(stdout).toMatch(/^✓ \d+ packages installed\n✓ its tests: \d+ passed$/m);
    expect(exitCode).toBe(0);
    expect(existsSync(join(folder, 'package-lock.json'))).toBe(false);
    const { packages } = JSON.parse(readFileSync(join(folder, 'x/package-lock.json'), 'utf8'));
    expect(Object.keys(packages)).toContain('node_modules/projen');
  });
});

describe('the closing lines', () => {
  const roles = [
    ...['--set', 'repository.ownerId=12', '--set', 'repository.repositoryId=345'],
    ...['--set', 'oidcProviders={"111122223333":{"create":true}}'],
  ];
  const cases = TARGETS.flatMap((target) => [[target, []] as const, [target, roles] as const]);

  it.each(cases)('the closing lines follow the steps of the emitted README in order (%s %j)', async (target, more) => {
    const { stdout } = await run(['x', '--yes', '--no-install', '--no-git', '--target', target, '--json', ...more]);
    const { next } = JSON.parse(stdout) as { next: string[] };
    const readme = readFileSync(join(folder, 'x/README.md'), 'utf8');
    const steps = readme.slice(readme.indexOf('## First deployment'), readme.indexOf('## Daily commands'));
    // What a comment is about, in the words of the README.
    const about: [RegExp, string][] = [
      [/put your answers in the place of the example's/, '### 2. Complete the answers'],
      [/commit the files/, 'git diff'],
      [/make GitHub's environments first/, 'Make its environments'],
      [/publish the image there and name its digest/, '### 4. Publish the image'],
    ];
    const places = next.slice(1).map((line) => {
      const text = line.startsWith('#') ? about.find(([pattern]) => pattern.test(line))?.[1] : line;
      expect(text, line).toBeDefined();
      return steps.indexOf(text!);
    });
    expect(next[0]).toBe('cd x');
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(next).toHaveLength(more.length > 0 ? 11 : 9);
  });
});

it('a directory below the home folder is not made in the working directory', async () => {
  mkdirSync(join(folder, 'home'));
  const env = { HOME: join(folder, 'home') };
  const { exitCode, stdout } = await run(['~/acme', '--yes', '--no-install', '--no-git'], { env });
  expect(exitCode).toBe(0);
  expect(existsSync(join(folder, '~'))).toBe(false);
  expect(stdout).toContain(`  cd ${join(folder, 'home/acme')}\n`);
  execFileSync('cp', [join(folder, 'home/acme/mcp-deploy.json'), join(folder, 'home/answers.json')]);
  const again = await run(['y', '--config=~/answers.json', '--no-install', '--no-git'], { env });
  expect(again.exitCode).toBe(0);
});
