import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CommandResult, runCommand } from '../support/command';
import { NO_REGISTRY } from '../support/emitted';
import { IDENTITY } from '../support/git-identity';
import { fakeNpm, standInProgram } from '../support/programs';

/**
 * Faults that people reported of tools of this kind, each with its report, tried on the built command. The suites of each
 * concept have the other members of the kind.
 */
interface PublicCase {
  readonly report: string;
  readonly title: string;
  /** What is there before, and what the command is started with. */
  readonly prepare?: (folder: string) => NodeJS.ProcessEnv | undefined;
  readonly args: readonly string[];
  readonly exitCode: number;
  /** In what it prints, on either stream. */
  readonly says?: RegExp;
  readonly holds?: (folder: string, result: CommandResult) => void;
}

const EMIT = ['x', '--yes', '--no-install'];
const LOOK = ['x', '--yes', '--dry-run'];

const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', args, { cwd, encoding: 'utf8', env: { ...process.env, ...IDENTITY } });
const set = (...assignments: string[]) => assignments.flatMap((assignment) => ['--set', assignment]);
const answersIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'x/mcp-deploy.json'), 'utf8'));
const nothing = (folder: string) => expect(existsSync(join(folder, 'x'))).toBe(false);

const CASES: readonly PublicCase[] = [
  {
    report: 'aws-cdk#1758, vite#7971',
    title: 'a fresh clone counts as empty, and its origin names the repository',
    prepare: (folder) => {
      mkdirSync(join(folder, 'x'));
      git(join(folder, 'x'), 'init', '--quiet', '--initial-branch=main');
      git(join(folder, 'x'), 'remote', 'add', 'origin', 'https://github.com/acme_corp/mcp-deploy.git');
      return undefined;
    },
    args: EMIT,
    exitCode: 0,
    says: /repository\.name is acme_corp\/mcp-deploy, taken from the remote origin/,
    holds: (folder) => {
      expect(answersIn(folder).repository.name).toBe('acme_corp/mcp-deploy');
      expect(git(join(folder, 'x'), 'status', '--porcelain')).toBe('');
    },
  },
  {
    report: 'github/gitignore#3974',
    title: 'files that the ignore file of a machine leaves out are in the first commit all the same',
    prepare: (folder) => {
      writeFileSync(join(folder, 'ignored'), '*.tfvars\n*.tfvars.json\n*.tgz\nvendor/\n.projen/\n');
      writeFileSync(join(folder, 'gitconfig'), `[core]\n  excludesFile = ${join(folder, 'ignored')}\n`);
      return { GIT_CONFIG_GLOBAL: join(folder, 'gitconfig') };
    },
    args: EMIT,
    exitCode: 0,
    holds: (folder) => {
      const tracked = git(join(folder, 'x'), 'ls-files');
      expect(tracked.match(/terraform\.tfvars\.json$/gm)).toHaveLength(6);
      expect(tracked).toMatch(/^vendor\/.*\.tgz$/m);
    },
  },
  {
    report: 'prek#1815',
    title: "inside another repository's hook, git works in the new repository",
    prepare: (folder) => {
      git(folder, 'init', '--quiet', 'other');
      return { GIT_DIR: join(folder, 'other/.git'), GIT_INDEX_FILE: join(folder, 'other/.git/index') };
    },
    args: EMIT,
    exitCode: 0,
    says: /✓ git repository, first commit/,
    holds: (folder) => expect(existsSync(join(folder, 'other/.git/index'))).toBe(false),
  },
  {
    report: 'projen#1485, superset#6320',
    title: 'git before 2.28, which knows no branch for init, gets a first commit',
    prepare: (folder) => {
      const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
      return standInProgram(folder, 'git', 'git-before-2.28.sh', { GIT: real });
    },
    args: EMIT,
    exitCode: 0,
    says: /✓ git repository, first commit/,
  },
  {
    report: 'soleur#7466',
    title: 'forced colors do not get into the count of tests',
    prepare: (folder) => ({ ...fakeNpm(folder, 16, 12), FORCE_COLOR: '1' }),
    args: ['x', '--yes'],
    exitCode: 0,
    says: /✓ its tests: 12 passed/,
  },
  {
    report: 'bun#14773',
    title: 'an npm that is missing is named',
    prepare: (folder) => ({ PATH: join(folder, 'nothing') }),
    args: ['x', '--yes'],
    exitCode: 1,
    says: /✗ npm install failed: npm is not on the PATH/,
  },
  {
    report: 'provider-aws#439, remark-github#46, dockerfile-maven#308, ollama#9313',
    title: 'values are taken as AWS, GitHub and browsers print them',
    args: [
      ...LOOK,
      ...set(
        'repository.name=acme_managed/Quilt.MCP',
        'environments.dev.network.albDnsName=Quilt-0123456789.us-east-1.elb.amazonaws.com',
        'environments.dev.network.albHostedZoneId=/hostedzone/Z35SXDOTRQ7X7K',
        'environments.dev.cors.allowedOrigins=["vscode-file://vscode-app","chrome-extension://abcdefghijklmnop","http://[::1]:6274"]',
        'image.registry=registry.example.com:5000',
      ),
    ],
    exitCode: 0,
  },
  {
    report: 'quilt#5069, containers-roadmap#98',
    title: 'a proxy and a registry on other ports, behind a VPN that GitHub does not reach, are taken',
    args: [
      ...LOOK,
      ...set(
        'environments.dev.environment.HTTPS_PROXY=http://proxy.example.com:3128',
        'environments.dev.registryUrl=https://registry.example.com:8443',
        'delivery.runner=["self-hosted","vpn"]',
        'delivery.verify=aws',
      ),
    ],
    exitCode: 0,
  },
  {
    report: 'containers-roadmap#98',
    title: 'a proxy that the server cannot use is refused',
    args: [...LOOK, ...set('environments.dev.environment.HTTPS_PROXY=socks5://proxy.example.com:1080')],
    exitCode: 2,
    says: /environments\.dev\.environment\.HTTPS_PROXY/,
  },
  {
    report: 'hubspot-cli#1162',
    title: 'a path that begins with ~/ is below the home folder',
    prepare: (folder) => ({ HOME: folder }),
    args: ['~/x', '--yes', '--no-install', '--no-git'],
    exitCode: 0,
    holds: (folder) => {
      expect(existsSync(join(folder, 'x/mcp-deploy.json'))).toBe(true);
      expect(existsSync(join(folder, '~'))).toBe(false);
    },
  },
  {
    report: 'create-vue#326',
    title: 'an option that npm kept for itself is refused, with the double dash that it needs',
    prepare: () => ({
      npm_config_dry_run: 'true',
      npm_config_user_agent: 'npm/10.0.0 node/v20.0.0',
      npm_command: 'exec',
    }),
    args: EMIT,
    exitCode: 2,
    says: / -- --dry-run/,
    holds: nothing,
  },
  {
    report: 'yaml#284',
    title: 'merge keys of YAML are read',
    prepare: (folder) => {
      writeFileSync(
        join(folder, 'a.yaml'),
        'environments:\n  dev: &dev\n    capacity: { cpu: 1024, memory: 2048 }\n  production:\n    <<: *dev\n',
      );
      return undefined;
    },
    args: [...EMIT, '--no-git', '--config', 'a.yaml'],
    exitCode: 0,
    holds: (folder) => expect(answersIn(folder).environments.production.capacity).toMatchObject({ cpu: 1024 }),
  },
  {
    report: 'jq#2351',
    title: 'UTF-16 as PowerShell writes it is read',
    prepare: (folder) => {
      writeFileSync(join(folder, 'a.json'), Buffer.from('\uFEFF{"name":"acme"}', 'utf16le'));
      return undefined;
    },
    args: [...EMIT, '--no-git', '--config', 'a.json'],
    exitCode: 0,
    holds: (folder) => expect(answersIn(folder).name).toBe('acme'),
  },
  {
    report: 'nango#1483',
    title: "a repository below another one's root is told that GitHub runs none of its workflows",
    prepare: (folder) => {
      git(folder, 'init', '--quiet');
      return undefined;
    },
    args: EMIT,
    exitCode: 0,
    says: /^! .*workflows/m,
  },
  ...['DB_PASSWORD', 'GITHUB_TOKEN'].map(
    (name): PublicCase => ({
      report: 'secrets in plain answers',
      title: `a variable called ${name} is refused among plain ones, and its value is not shown`,
      args: [...LOOK, ...set(`environments.dev.environment.${name}=hunter2hunter2`)],
      exitCode: 2,
      says: /secrets/,
      holds: (_, { stdout, stderr }) => expect(stdout + stderr).not.toContain('hunter2'),
    }),
  ),
  {
    report: 'small: one subnet by --set',
    title: 'one value by --set for a list is taken for a list of one, and says what a list of subnets needs',
    args: [...LOOK, ...set('environments.dev.network.privateSubnetIds=subnet-0123456789abcdef0')],
    exitCode: 2,
    says: /must name at least two private subnets/,
  },
  {
    report: 'small: a catalog on a port',
    title: 'the port of a catalog stays in its URL',
    args: [...EMIT, '--no-git', ...set('environments.dev.catalogUrl=https://quilt-dev.example.com:8443')],
    exitCode: 0,
    holds: (folder) => expect(readFileSync(join(folder, 'x/README.md'), 'utf8')).toContain('example.com:8443/mcp'),
  },
];

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'public-cases-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each(CASES)('$title ($report)', async ({ prepare, args, exitCode, says, holds }) => {
  const env = { ...NO_REGISTRY, ...IDENTITY, ...prepare?.(folder) };
  const result = await runCommand(args, { cwd: folder, env });
  const said = `${result.stdout}${result.stderr}`;
  expect(result.exitCode, said).toBe(exitCode);
  if (says) expect(said).toMatch(says);
  holds?.(folder, result);
});
