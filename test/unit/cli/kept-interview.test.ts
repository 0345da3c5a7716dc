import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  describeKept,
  findKeptInterview,
  forgetInterview,
  keepInterview,
  keptInterviewFile,
  NO_OPTIONS,
  resumedOptions,
} from '../../../src/cli/kept-interview';
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

  it('a kept interview goes on with the options of its first start, and says which are not kept', () => {
    const env = { HOME: home };
    const started = { ...NO_OPTIONS, config: 'answers.json', set: ['name=a-secret'], profile: 'work', 'no-git': true };
    keepInterview(env, '/somewhere/acme', { ...started, 'dry-run': true }, state);
    const kept = findKeptInterview(env)!;
    expect(JSON.stringify(kept)).not.toMatch(/answers\.json|a-secret/);
    expect(resumedOptions({ ...NO_OPTIONS, 'no-install': true }, kept)).toEqual({
      ...NO_OPTIONS,
      profile: 'work',
      'no-install': true,
      'no-git': true,
    });
    expect(resumedOptions({ ...NO_OPTIONS, profile: 'other' }, kept).profile).toBe('other');
    expect(describeKept(kept, NO_OPTIONS)).toEqual([
      'Going on with /somewhere/acme. Answers kept: 1.',
      'These options of its first start hold: --profile, --no-git.',
      expect.stringMatching(/^These options of its first start are not kept: --config, --set, --dry-run\. /),
    ]);
    expect(describeKept(kept, { ...started, 'dry-run': true })).toHaveLength(2);
  });

  it('a kept interview without options is one of an earlier version, or of a start without any', () => {
    const env = { HOME: home };
    keepInterview(env, '/somewhere', NO_OPTIONS, state);
    const kept = findKeptInterview(env)!;
    const { options: _, ...earlier } = kept;
    for (const one of [kept, earlier]) {
      expect(resumedOptions(NO_OPTIONS, one)).toEqual(NO_OPTIONS);
      expect(describeKept(one, NO_OPTIONS)).toHaveLength(1);
    }
  });

  it('a kept interview has typed answers alone, is readable by its user alone, and is found and forgotten', () => {
    const env = { HOME: home };
    expect(keepInterview(env, '/somewhere/acme', NO_OPTIONS, state)).toBe(true);
    const file = keptInterviewFile(env);
    expect(file.startsWith(join(home, '.local/state'))).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { kept, ...rest } = findKeptInterview(env)!;
    expect(Date.parse(kept)).not.toBeNaN();
    expect(rest).toEqual({
      directory: '/somewhere/acme',
      options: { 'no-install': false, 'no-git': false, others: [] },
      typed: state.typed,
      lookedUp: {},
    });
    expect(readdirSync(dirname(file))).toHaveLength(1);
    forgetInterview(env);
    expect(findKeptInterview(env)).toBeUndefined();
  });

  it('an interview that cannot be kept, or read, stops nobody', () => {
    const env = { HOME: home, XDG_STATE_HOME: join(home, 'file') };
    writeFileSync(env.XDG_STATE_HOME, '');
    expect(keepInterview(env, '/somewhere', NO_OPTIONS, state)).toBe(false);
    const other = { HOME: home };
    keepInterview(other, '/somewhere', NO_OPTIONS, state);
    for (const broken of ['{', '[]', '{"typed": 5, "lookedUp": {}}']) {
      writeFileSync(keptInterviewFile(other), broken);
      expect(findKeptInterview(other)).toBeUndefined();
    }
  });
});
