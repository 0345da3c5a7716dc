import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import type { Access } from '../interview/question';

/** Variables that give credentials without a profile. Source: AWS SDKs and Tools Reference Guide, "Settings reference". */
const CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

/** Variables that give a region, the one that counts more first. Source: AWS CLI User Guide, "Environment variables". */
const REGIONS = ['AWS_REGION', 'AWS_DEFAULT_REGION'];

/**
 * Ways to ask AWS, by the environment and the files of the AWS CLI. Only names of profiles are taken from these.
 *
 * @param profile the one that the command line names
 */
export function awsAccess(env: NodeJS.ProcessEnv, profile: string | undefined): Access {
  const folder = join(env.HOME || homedir(), '.aws');
  const config = sections(env.AWS_CONFIG_FILE || join(folder, 'config'));
  const credentials = sections(env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'));
  const named = [
    ...config.flatMap((name) => (name === 'default' ? name : (/^profile\s+(.+)$/.exec(name)?.[1] ?? []))),
    ...credentials,
  ];
  const chosen = env.AWS_PROFILE ? [env.AWS_PROFILE] : [];
  const variable = REGIONS.find((name) => Boolean(env[name]));
  return {
    profiles: [...new Set([...chosen, ...named])],
    hasCredentials: CREDENTIALS.some((name) => Boolean(env[name])),
    profile,
    ...(variable && { region: { value: env[variable]!, variable } }),
  };
}

/** Names of the sections of a file; none if it cannot be read. */
function sections(file: string): string[] {
  try {
    return [...readFileSync(file, 'utf8').matchAll(/^\s*\[\s*([^\]]*?)\s*\]/gm)].map(([, name]) => name!);
  } catch {
    return [];
  }
}
