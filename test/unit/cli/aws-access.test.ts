import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { awsAccess } from '../../../src/cli/aws-access';

describe('access to AWS', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'aws-access-'));
    mkdirSync(join(home, '.aws'));
    writeFileSync(
      join(home, '.aws/config'),
      '[default]\nregion = us-east-1\n[profile work]\nsso_session = acme\n [ profile two words ]\n[sso-session acme]\n[services local]\n',
    );
    writeFileSync(join(home, '.aws/credentials'), '[work]\naws_secret_access_key = never-shown\n[old]\n');
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('access to AWS has the profiles of both files, once each, that of the environment first, and nothing else of them', () => {
    expect(awsAccess({ HOME: home }, undefined)).toEqual({
      profiles: ['default', 'work', 'two words', 'old'],
      hasCredentials: false,
      profile: undefined,
    });
    expect(awsAccess({ HOME: home, AWS_PROFILE: 'old' }, 'named').profiles).toEqual([
      'old',
      'default',
      'work',
      'two words',
    ]);
  });

  it('access to AWS has the region of a variable, and AWS_REGION counts before AWS_DEFAULT_REGION', () => {
    const second = { HOME: home, AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-1' };
    expect(awsAccess(second, undefined).region).toEqual({ value: 'eu-west-1', variable: 'AWS_DEFAULT_REGION' });
    const both = { ...second, AWS_REGION: 'us-east-2' };
    expect(awsAccess(both, undefined).region).toEqual({ value: 'us-east-2', variable: 'AWS_REGION' });
  });

  it('access to AWS goes by the files that variables name, and by credentials without a profile', () => {
    const env = { HOME: home, AWS_CONFIG_FILE: join(home, 'none'), AWS_SHARED_CREDENTIALS_FILE: join(home, 'none') };
    expect(awsAccess(env, undefined)).toEqual({ profiles: [], hasCredentials: false, profile: undefined });
    expect(
      awsAccess({ ...env, AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://localhost' }, undefined).hasCredentials,
    ).toBe(true);
  });
});
