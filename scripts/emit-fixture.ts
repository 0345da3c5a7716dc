import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentAnswers } from '../src/config/environment';
import { exampleAnswers } from '../src/config/example';
import { type Answers, TARGETS } from '../src/config/repository';
import { type Deployable, findDeployable, LATEST } from '../src/conventions';
import { ownPackage } from '../src/project/package-root';
import { treeOf } from '../test/support/emitted';
import { type Files, writeFixture } from '../test/support/fixtures';

type Change = (environment: EnvironmentAnswers) => EnvironmentAnswers;

interface Kind {
  readonly conventions: Deployable;
  readonly change: Change;
  /** Answers beside those of the environments. */
  readonly more?: Partial<Answers>;
}

/** The kinds of deployment that upgrades have to carry; each in every target. */
const KINDS: Readonly<Record<string, Kind>> = {
  'g1b-path': { conventions: findDeployable('g1b')!, change: (environment) => environment },
  'g2c-domain': {
    conventions: findDeployable('g2c')!,
    change: (environment) => ({
      ...environment,
      routing: {
        mode: 'domain',
        host: `mcp.${environment.routing.host}`,
        priority: 200,
        hostedZoneId: 'Z0123456789ABCDEFGHIJ',
      },
      network: { ...environment.network, albDnsName: 'quilt.elb.amazonaws.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' },
    }),
  },
  'newest-path': { conventions: LATEST, change: (environment) => environment },
  'newest-path-origins': {
    conventions: LATEST,
    change: (environment) => ({ ...environment, cors: { allowedOrigins: ['https://app.example.com'] } }),
  },
  'newest-shared-registry': {
    conventions: LATEST,
    change: (environment) => ({
      ...environment,
      registry: { scope: 'shared', account: '111122223333', region: 'us-east-1' },
    }),
  },
  'newest-roles': {
    conventions: LATEST,
    change: (environment) => ({
      ...environment,
      permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/tasks',
      deliveryBoundaryArn: 'arn:aws:iam::111122223333:policy/delivery',
    }),
    more: {
      repository: { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 },
      oidcProviders: { '111122223333': { create: true } },
    },
  },
};

/** Keeps the repositories that this version emits, for upgrades of later versions to be tested on. */
function main(name = nameOfVersion()): void {
  const repositories = TARGETS.flatMap((target) =>
    Object.entries(KINDS).map(([kind, { conventions, change, more }]) => {
      const answers = exampleAnswers(conventions, target);
      const { dev, production } = answers.environments;
      const environments = { dev: change(dev!), production: change(production!) };
      return [`${target}-${kind}`, emit({ ...answers, ...more, environments })] as const;
    }),
  );
  writeFixture(name, Object.fromEntries(repositories));
}

/** By the published command; without the package that an unreleased version puts into the repository. */
function emit(answers: Answers): Files {
  const folder = mkdtempSync(join(tmpdir(), 'fixture-'));
  try {
    writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
    const command = [join(ownPackage().root, 'lib/cli.js'), 'emitted', '--config', 'answers.json'];
    execFileSync(process.execPath, [...command, '--no-install', '--no-git'], { cwd: folder, stdio: 'pipe' });
    const files = Object.entries(treeOf(join(folder, 'emitted')));
    return Object.fromEntries(files.filter(([path]) => !path.startsWith('vendor/')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function nameOfVersion(): string {
  const { version } = ownPackage();
  return version === '0.0.0' ? `unreleased-${new Date().toISOString().slice(0, 10)}` : version;
}

main(process.argv[2]);
