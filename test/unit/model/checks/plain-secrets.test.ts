import { describe, expect, it } from 'vitest';

import { exampleAnswers } from '../../../../src/config/example';
import { withValue } from '../../../../src/config/paths';
import { looksSecret, namesSecret } from '../../../../src/config/secrets';
import { CATALOGUE, isDeployable, LATEST } from '../../../../src/conventions';
import { secretByName } from '../../../../src/model/checks/plain-secrets';
import { readConfig } from '../../../../src/model/resolve';
import { errorOf, exampleWith, problemsOf } from '../../../support/answers';

const SECRET_NAMES =
  'DB_PASSWORD PGPASSWORD MYSQL_PWD db_password dbPassword SMTP_PASS PASSPHRASE GITHUB_TOKEN GITHUBTOKEN TOKEN TOKEN_2 TOKEN1 MCP_JWT_SECRET CLIENT_SECRET SECRET SECRET_VALUE SECRET_KEY_BASE API_KEY apiKey OPENAI_API_KEY X_APIKEY AWS_SECRET_ACCESS_KEY STRIPE_SECRET_KEY SSH_PRIVATE_KEY PRIVATE_KEY_PEM TLS_PRIVATE_KEY_BASE64 ENCRYPTION_KEY SIGNING_KEY SESSION_KEY WEBHOOK_KEY GITHUB_PAT GCP_CREDENTIALS AZURE_STORAGE_KEY SERVICE_ACCOUNT_KEY_JSON USER_JWT DB_PW PW SMTPPASS DBPASS dbPass PASSWORD_SALT SALT SESSION_COOKIE COOKIE API_BEARER SLACK_WEBHOOK SLACK_WEBHOOK_URL CONNECTION_STRING DB_CONNECTIONSTRING dbConnectionString'.split(
    ' ',
  );
const PLAIN_NAMES =
  'PWD OLDPWD PATH FORMAT TOKEN_TTL TOKEN_URL MAX_TOKENS TOKENIZER SECRET_ARN SECRET_NAME PASSWORD_FILE PASSWORD_MIN_LENGTH API_KEY_HEADER PUBLIC_KEY CACHE_KEY PARTITION_KEY KEY KEYS KEY_ID ENCRYPTION_KEY_ID ACCESS_KEY_ID BYPASS COMPASS MONKEY CLIENT_ID AUTH_MODE JWT_ISSUER LOG_LEVEL QUILT_SERVICE_TIMEOUT COMPAT SECRETARY DATABASE_URL TRESPASS ENCOMPASS SURPASS RPW SALTED COOKIE_NAME COOKIE_DOMAIN BASALT WEBHOOK_PATH BEARER_METHOD CONNECTION_TIMEOUT'.split(
    ' ',
  );

it.each(SECRET_NAMES)('%s is taken for the name of a secret', (name) => {
  expect(namesSecret(name)).toBe(true);
});
it.each(PLAIN_NAMES)('%s is taken for no name of a secret', (name) => {
  expect(namesSecret(name)).toBe(false);
});

// Made here, so that no scanner finds them in this file.
const LONG = 'aB3'.repeat(14);
const SECRET_VALUES: readonly [what: string, value: string][] = [
  ['an access key of AWS', `AKIA${'IOSFODNN7EXAMPLE'}`],
  ['a temporary access key of AWS', `ASIA${'IOSFODNN7EXAMPLE'}`],
  ['a token of GitHub', `ghp_${LONG}`],
  ['a token of a GitHub App', `ghs_${LONG}`],
  ['a fine-grained token of GitHub', `github_pat_${LONG}`],
  ['a token of GitLab', `glpat-${LONG}`],
  ['a token of npm', `npm_${LONG.slice(0, 36)}`],
  ['a token of Slack', `xoxb-${LONG}`],
  [
    'a webhook of Slack',
    `https://hooks.slack.com/${'services'}/T0${LONG.slice(0, 8)}/B0${LONG.slice(0, 8)}/${LONG.slice(0, 24)}`,
  ],
  ['a bearer token', `Bearer ${LONG}`],
  ['a header with a bearer token', `Authorization: bearer ${LONG}==`],
  ['a connection string', `Server=db.example.com;User Id=quilt;${'Password'}=hunter2hunter2hunter2;`],
  ['a connection string that ends with it', `Server=db.example.com;Uid=quilt;${'Pwd'}=hunter2hunter2hunter2`],
  ['a key of Stripe', `sk_live_${LONG}`],
  ['a key of Google', `AIza${LONG.slice(0, 35)}`],
  ['a key of Anthropic', `sk-ant-${LONG}`],
  ['an API key of Quilt', `qk_${LONG}`],
  ['a private key', ['-----BEGIN ', 'PRIVATE KEY-----\nMIIE'].join('')],
  ['a private key of OpenSSH', ['-----BEGIN OPENSSH ', 'PRIVATE KEY-----\nb3Bl'].join('')],
  ['a token (JWT)', ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxIn0', 'c2lnbmF0dXJl'].join('.')],
  ['a URL with a password', ['postgres://quilt', 'hunter2@db.example.com/quilt'].join(':')],
  ['a secret within other text', `--token ghp_${LONG} --verbose`],
];

it.each(SECRET_VALUES)('%s is known by its value, and shown in no message', (_, value) => {
  expect(looksSecret(value)).toBeDefined();
  for (const place of [
    'dev.environment.HARMLESS',
    'dev.tags.Note',
    'tags.Owner',
    'dev.auth.secretArn',
    'dev.secrets.A',
    'name',
    'dev.cors.allowedOrigins',
  ]) {
    const answers = exampleWith({ [place]: place.endsWith('Origins') ? [value] : value });
    const error = errorOf(() => readConfig(answers, 'x'));
    expect(error?.message, place).toBeDefined();
    expect(error?.message, place).not.toContain(value.slice(4, 24));
  }
});

it.each([
  'https://quilt.example.com',
  'user:password',
  'https://example.com/a:b@c',
  'arn:aws:iam::111122223333:role/x',
  'sk-test',
  'https://hooks.slack.com/',
  'Bearer tokens are demanded',
  'Password=',
  'a password = text',
  'eyJ',
  'AKIA',
  'ghp_short',
  '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----',
  '0123456789abcdef0123456789abcdef01234567',
])('%j is taken for no secret', (value) => {
  expect(looksSecret(value)).toBeUndefined();
  expect(problemsOf(exampleWith({ 'dev.environment.HARMLESS': value }))).toEqual([]);
});

describe('a variable with the name of a secret', () => {
  const named = (value: unknown, more: object = {}) => exampleWith({ 'dev.environment.DB_PASSWORD': value, ...more });

  it('a variable with the name of a secret is refused without its value, and the message says where it belongs and how to say that it is none', () => {
    const [problem, ...others] = problemsOf(named('hunter2'));
    expect(others).toEqual([]);
    expect(problem).toEqual({
      path: 'environments.dev.environment.DB_PASSWORD',
      message: expect.stringMatching(
        /ARN as environments\.dev\.secrets\.DB_PASSWORD.*add "DB_PASSWORD" to environments\.dev\.notSecrets/,
      ),
    });
  });

  it.each(['true', 'false', 'TRUE', ''])('a variable with the name of a secret may be a switch: %j', (value) => {
    expect(problemsOf(named(value))).toEqual([]);
  });

  it('a variable with the name of a secret may be what its owner says is no secret, by its name and by its value', () => {
    expect(problemsOf(named('hunter2', { 'dev.notSecrets': ['DB_PASSWORD'] }))).toEqual([]);
    expect(problemsOf(named(SECRET_VALUES[0]![1], { 'dev.notSecrets': ['DB_PASSWORD'] }))).toEqual([]);
    expect(problemsOf(named('hunter2', { 'dev.notSecrets': ['OTHER_TOKEN'] }))).toHaveLength(1);
  });

  it('a variable with the name of a secret is named once, if its value looks like a secret, too', () => {
    expect(problemsOf(named(SECRET_VALUES[2]![1]))).toHaveLength(1);
  });

  it('the value of a variable with the name of a secret is not shown if it is of the wrong type', () => {
    expect(problemsOf(named(12_345))).toMatchObject([{ found: '(not shown)', message: 'must be text, in quotes' }]);
  });

  it.each(CATALOGUE.filter(isDeployable))(
    'a variable with the name of a secret is refused under conventions $id, if they do not declare it',
    (conventions) => {
      const answers = withValue(
        exampleAnswers(conventions),
        ['environments', 'dev', 'environment', 'MCP_JWT_SECRET'],
        'x',
      );
      expect(problemsOf(answers)[0]).toMatchObject({ path: 'environments.dev.environment.MCP_JWT_SECRET' });
    },
  );

  it('a variable with the name of a secret is allowed if the conventions declare it to be a plain value', () => {
    const environment = { environment: { PAGE_TOKEN: 'x' } };
    const subject = { path: 'environments.dev', environment, conventions: LATEST };
    const optional = { PAGE_TOKEN: { meaning: 'where to go on', default: 'none', values: 'any' } };
    const declaring = { ...LATEST, environment: { ...LATEST.environment, optional } };
    expect(secretByName('PAGE_TOKEN', subject)).toBeDefined();
    expect(secretByName('PAGE_TOKEN', { ...subject, conventions: declaring })).toBeUndefined();
  });
});

it('a value that stands in the place of a reference to a secret is not shown', () => {
  const error = errorOf(() =>
    readConfig(exampleWith({ 'dev.secrets.A': 'hunter2', 'dev.auth.secretArn': 'hunter3' }), 'x'),
  );
  expect(error?.message).toContain('never the value itself');
  expect(error?.message).not.toMatch(/hunter/);
});

it.each([
  ['region', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x-AbCdEf'],
  ['account', 'arn:aws:secretsmanager:us-east-1:444455556666:secret:x-AbCdEf'],
  ['partition', 'arn:aws-cn:ssm:us-east-1:111122223333:parameter/x'],
])("the server's secret of another %s is refused", (part, secretArn) => {
  const g2c = CATALOGUE.filter(isDeployable).find(({ id }) => id === 'g2c')!;
  const answers = withValue(exampleAnswers(g2c), ['environments', 'dev', 'auth', 'secretArn'], secretArn);
  expect(problemsOf(answers)).toMatchObject([
    {
      path: 'environments.dev.auth.secretArn',
      message: expect.stringContaining(`must be in the environment's ${part}`),
    },
  ]);
});

it('a secret that the way of authentication does not take must be removed, wherever it is', () => {
  const secretArn = 'arn:aws:ssm:eu-west-1:444455556666:parameter/x';
  expect(problemsOf(exampleWith({ 'dev.auth': { mode: 'bearer', secretArn } }))).toMatchObject([
    { path: 'environments.dev.auth.secretArn', message: 'mode bearer has no secret; remove it' },
  ]);
});
