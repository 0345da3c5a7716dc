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

describe.skipIf(await lacks(EMULATOR, NEWEST_CFN_LINT))('cfn-lint', () => {
  it.each(CFN_LINTS)(
    'cfn-lint %s finds nothing in the templates of any generation, as their own tests demand',
    (_, program) => {
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
});
