/** Secrets among plain values, found by their name or their value. */

/** Words that end the name of a secret, glued to the word before or not: `DB_PASSWORD`, `PGPASSWORD`, `GITHUB_TOKEN`. */
const ENDINGS = ['PASSWORD', 'PASSWD', 'PASSPHRASE', 'SECRET', 'TOKEN', 'APIKEY', 'CREDENTIAL', 'CREDENTIALS'];
/** Words that do so only if they stand alone: `DB_PW`, and not `RPW`. */
const WORDS = [
  'PASSWORDS',
  'SECRETS',
  'PWD',
  'PW',
  'PAT',
  'JWT',
  'SALT',
  'COOKIE',
  'BEARER',
  'WEBHOOK',
  'WEBHOOK_URL',
  'CONNECTION_?STRING',
];
/** Ends of words that are no password: `BYPASS`, `COMPASS`. */
const NO_PASS = ['BY', 'COM', 'EN', 'SUR', 'TRES', 'UNDER', 'OVER'];
/** Words that make a `KEY` a secret one: `API_KEY`, and not `CACHE_KEY`. */
const KEYS = [
  'ACCESS',
  'API',
  'APP',
  'AUTH',
  'DECRYPTION',
  'DEPLOY',
  'ENCRYPTION',
  'HMAC',
  'JWT',
  'LICENSE',
  'MASTER',
  'PRIVATE',
  'SECRET',
  'SERVICE_ACCOUNT',
  'SESSION',
  'SHARED',
  'SIGNING',
  'SSH',
  'STORAGE',
  'WEBHOOK',
];
/** Suffixes that name the form of the secret: `SECRET_KEY_BASE`, `PRIVATE_KEY_PEM`, `TOKEN_2`. */
const FORMS = ['B64', 'BASE', 'BASE64', 'CURRENT', 'JSON', 'NEW', 'OLD', 'PEM', 'PREVIOUS', 'RAW', 'STRING', 'VALUE'];

const SECRET_NAME = new RegExp(
  `(?:${ENDINGS.join('|')}|(?<!${NO_PASS.join('|')})PASS|(?:^|_)(?:${WORDS.join('|')})|(?:^|_)(?:${KEYS.join('|')})_?KEYS?)(?:_(?:${FORMS.join('|')}))*_?[0-9]*$`,
);

/** `PWD` alone is the working directory of a shell. */
const PLAIN_NAMES = ['PWD', 'OLDPWD'];

/**
 * Whether a variable's name says that its value is a secret. A name that is only about a secret is none: `TOKEN_TTL`,
 * `SECRET_ARN`, `PASSWORD_FILE`, `MAX_TOKENS`.
 */
export function namesSecret(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
  return !PLAIN_NAMES.includes(words) && SECRET_NAME.test(words);
}

/**
 * Forms of secrets that are known by their beginning, under any name. Source: IAM User Guide, "IAM identifiers" (unique
 * identifiers); GitHub Docs, "About authentication to GitHub" (token formats); GitLab Docs, "Token overview"; Slack
 * API, "Token types" and "Sending messages using incoming webhooks"; Stripe Docs, "API keys"; RFC 6750; RFC 7468; RFC
 * 7519; Microsoft, "SqlConnection.ConnectionString".
 */
const SECRET_VALUES: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['an access key of AWS', /(?<![A-Za-z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/],
  ['a token of GitHub', /(?<![A-Za-z0-9])(gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/],
  ['a token of GitLab', /(?<![A-Za-z0-9])gl(pat|dt|rt|cbt|ptt|ft|imt|agent|oas)-[A-Za-z0-9_-]{20,}/],
  ['a token of npm', /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}/],
  ['a token of Slack', /(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10,}/],
  ['a webhook of Slack', /hooks\.slack(-gov)?\.com\/(services|workflows|triggers)\/[A-Za-z0-9]{6,}\/[A-Za-z0-9/]{8,}/i],
  ['a key of Stripe', /(?<![A-Za-z0-9])[rs]k_(live|test)_[A-Za-z0-9]{16,}/],
  ['a key of Google', /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}/],
  ['a key of Anthropic or OpenAI', /(?<![A-Za-z0-9])sk-(ant-|proj-|svcacct-)?[A-Za-z0-9_-]{32,}/],
  ['an API key of Quilt', /(?<![A-Za-z0-9])qk_[A-Za-z0-9_-]{16,}/],
  ['a private key', /-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----/],
  ['a token (JWT)', /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*/],
  ['a bearer token', /(?<![A-Za-z0-9])Bearer +[A-Za-z0-9._~+/-]{16,}=*/i],
  [
    'a connection string with a password',
    /(^|[;\s"'])(Password|Pwd)\s*=\s*[^;\s][^;]*;|;\s*(Password|Pwd)\s*=\s*[^;\s]/i,
  ],
  ['a URL with a password', /[a-z][a-z0-9+.-]*:\/\/[^\s/?#@:]*:[^\s/?#@]+@/i],
];

/** The kind of secret that a value looks like; undefined if none. */
export function looksSecret(value: string): string | undefined {
  return SECRET_VALUES.find(([, pattern]) => pattern.test(value))?.[0];
}
