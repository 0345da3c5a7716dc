import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { generateFiles } from '../../generators';
import { loadTemplates } from '../../generators/templates';
import { exampleAnswers } from '../../src/config/example';
import type { Answers } from '../../src/config/schema';
import { CATALOGUE, isDeployable, LATEST } from '../../src/conventions';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { checkRules, resolveParameters } from '../support/cloudformation/parameters';
import { parseTemplate } from '../support/cloudformation/template';

const templates = loadTemplates(join(__dirname, '../../templates'));
const GENERATIONS = CATALOGUE.filter(isDeployable);

/** What gives every environment of the example the roles that workflows assume. */
const DELIVERING: Partial<Answers> = {
  repository: { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 },
  oidcProviders: { '111122223333': { create: true } },
};

/** Answers by which the first environment reaches other ports than 443, and the others do not. */
function withPorts(): Partial<Answers> {
  const { environments } = exampleAnswers(LATEST, 'cloudformation');
  environments.dev!.network.egressPorts = [3128, 8443];
  return { environments };
}

/** What is emitted below deploy/cloudformation for the example of a generation, by file name. */
function emitted(entry: (typeof GENERATIONS)[number], change: Partial<Answers> = {}): Record<string, string> {
  const answers = { ...exampleAnswers(entry, 'cloudformation'), ...change };
  const deployment = resolveDeployment(readConfig(answers, 'the example'));
  const below = 'deploy/cloudformation/';
  return Object.fromEntries(
    generateFiles(deployment, templates)
      .filter(({ path }) => path.startsWith(below))
      .map(({ path, content }) => [path.slice(below.length), content]),
  );
}

describe.each(GENERATIONS)('the template of the service for $id', (entry) => {
  const files = emitted(entry);
  const template = parseTemplate(files['mcp_server.yaml']!);
  const given = { ...JSON.parse(files['parameters/dev.json']!).Parameters, ImageDigest: `sha256:${'0'.repeat(64)}` };
  const check = (change: Record<string, string>) => () =>
    checkRules(template, resolveParameters(template, { ...given, ...change }));

  it('takes no step of LINEAR that ECS refuses', () => {
    const linear = { DeploymentStrategy: 'LINEAR', AlternateTargetGroupName: 'other' };
    expect(check({ ...linear, StepPercent: '2' })).toThrow('3 percent or more');
    expect(check({ ...linear, StepPercent: '3' })).not.toThrow();
    expect(check({ ...linear, DeploymentStrategy: 'CANARY', StepPercent: '1' })).not.toThrow();
  });
});

it('the template of the registry is small enough to be given as text, with roles of workflows', () => {
  const template = emitted(LATEST, DELIVERING)['registry.yaml']!;
  expect(Buffer.byteLength(template)).toBeLessThan(51_200);
});

describe.skipIf(skipWithoutLinter())('cfn-lint', () => {
  it('finds nothing in the templates of any generation, as their own tests demand', { timeout: 120_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
    try {
      const all = [
        ...GENERATIONS.map((entry) => [entry.id, emitted(entry)] as const),
        ['roles', emitted(LATEST, DELIVERING)] as const,
        ['ports', emitted(LATEST, withPorts())] as const,
      ];
      const paths = all.flatMap(([id, files]) =>
        Object.entries(files)
          .filter(([name]) => name.endsWith('.yaml'))
          .map(([name, content]) => {
            const path = join(folder, `${id}-${name}`);
            writeFileSync(path, content);
            return path;
          }),
      );
      const { stdout, status } = spawnSync('cfn-lint', [...paths, '--include-checks', 'I'], { encoding: 'utf8' });
      expect(stdout).toBe('');
      expect(status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function skipWithoutLinter(): boolean {
  const missing = spawnSync('cfn-lint', ['--version']).error !== undefined;
  if (missing) console.warn('Skipped, cfn-lint is not on the PATH (pip install cfn-lint)');
  return missing;
}
