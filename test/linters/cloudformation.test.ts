import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { LATEST } from '../../src/conventions';
import { DELIVERING, emitted, GENERATIONS, withPorts } from '../support/cloudformation-files';
import { lacks } from '../support/engines';
import { CFN_LINTS, NEWEST_CFN_LINT } from '../support/engines/cfn-lint';
import { EMULATOR } from '../support/engines/emulator';

/** What has an older cfn-lint, which knows no tags of listener rules, pass over all that a rule has. */
const IGNORED = '    Metadata: { cfn-lint: { config: { ignore_checks: [E3002] } } }\n';
const [NEWEST_VERSION] = CFN_LINTS.at(-1)!;

describe.skipIf(await lacks(EMULATOR, NEWEST_CFN_LINT))('cfn-lint', () => {
  it.each(CFN_LINTS)(
    'cfn-lint %s finds nothing in the templates of any generation, as their own tests demand',
    (version, program) => {
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
              writeFileSync(path, version === NEWEST_VERSION ? content.replaceAll(IGNORED, '') : content);
              return path;
            }),
        );
        const { stdout, status } = spawnSync(program, [...paths, '--include-checks', 'I'], {
          encoding: 'utf8',
        });
        expect(stdout).toBe('');
        expect(status).toBe(0);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it('the newest cfn-lint judges what a listener rule has, and the older one passes over it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
    try {
      const { 'mcp_server.yaml': template } = emitted(LATEST);
      const rule = '    Type: AWS::ElasticLoadBalancingV2::ListenerRule\n';
      expect(template!.split(IGNORED)).toHaveLength(template!.split(rule).length);
      const found = CFN_LINTS.map(([version, program]) => {
        const path = join(folder, `${version}.yaml`);
        const wrong = template!.replaceAll('      Priority:', '      Prioritie:');
        writeFileSync(path, version === NEWEST_VERSION ? wrong.replaceAll(IGNORED, '') : wrong);
        return spawnSync(program, [path], { encoding: 'utf8' }).stdout.includes('E3002');
      });
      expect(found).toEqual([false, true]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
