import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findKeptInterview, forgetInterview, keepInterview, keptInterviewFile } from '../../../src/cli/kept-interview';
import { begin } from '../../../src/interview/interview';

describe('a kept interview', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'kept-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const state = {
    ...begin({ given: { environments: { dev: { environment: { TOKEN: 'given' } } } } }),
    typed: { name: { value: 'acme', stands: true } },
  };

  it('a kept interview has typed answers alone, is readable by its user alone, and is found and forgotten', () => {
    const env = { HOME: home };
    expect(keepInterview(env, '/somewhere/acme', state)).toBe(true);
    const file = keptInterviewFile(env);
    expect(file.startsWith(join(home, '.local/state'))).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { kept, ...rest } = findKeptInterview(env)!;
    expect(Date.parse(kept)).not.toBeNaN();
    expect(rest).toEqual({ directory: '/somewhere/acme', typed: state.typed, lookedUp: {} });
    expect(readdirSync(dirname(file))).toHaveLength(1);
    forgetInterview(env);
    expect(findKeptInterview(env)).toBeUndefined();
  });

  it('an interview that cannot be kept, or read, stops nobody', () => {
    const env = { HOME: home, XDG_STATE_HOME: join(home, 'file') };
    writeFileSync(env.XDG_STATE_HOME, '');
    expect(keepInterview(env, '/somewhere', state)).toBe(false);
    const other = { HOME: home };
    keepInterview(other, '/somewhere', state);
    for (const broken of ['{', '[]', '{"typed": 5, "lookedUp": {}}']) {
      writeFileSync(keptInterviewFile(other), broken);
      expect(findKeptInterview(other)).toBeUndefined();
    }
  });
});
