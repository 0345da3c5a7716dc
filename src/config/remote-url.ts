import { schemaAt } from './paths';
import { answersSchema } from './repository';

/** Hosts of repositories that are not GitHub's. Any other may be GitHub Enterprise, or an alias in a user's SSH configuration. */
const NOT_GITHUB =
  /(^|\.)(gitlab|bitbucket|codeberg|gitea|forgejo|gitee|sourceforge|launchpad)\b|(^|\.)(dev\.azure\.com|visualstudio\.com|sr\.ht|googlesource\.com|source\.developers\.google\.com|huggingface\.co)$|^git-codecommit\./i;

/** The host of a remote that is not GitHub's; undefined if it may be. */
export function hostBesideGithub(remote: string): string | undefined {
  const [host] = splitUrl(remote.trim()) ?? splitScp(remote.trim()) ?? [];
  return host !== undefined && NOT_GITHUB.test(host) ? host : undefined;
}

/**
 * Owner and name in the URL of a remote, as git takes it: `https://`, `ssh://` and `git://`, or `user@host:owner/name`.
 * Undefined for a path on this machine, for a host that is not GitHub's, and for an invalid name of a GitHub
 * repository.
 */
export function parseRemote(remote: string): string | undefined {
  const text = remote.trim();
  const [host, path] = splitUrl(text) ?? splitScp(text) ?? [];
  if (host === undefined || path === undefined || NOT_GITHUB.test(host)) {
    return undefined;
  }
  const name = path
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/i, '')
    .replace(/\/+$/, '');
  return schemaAt(answersSchema, ['repository', 'name'])?.safeParse(name).success ? name : undefined;
}

function splitUrl(text: string): [host: string, path: string] | undefined {
  if (!/^(git\+)?(https?|ssh|git):\/\//i.test(text) || !URL.canParse(text)) {
    return undefined;
  }
  const { hostname, pathname } = new URL(text.replace(/^git\+/i, ''));
  return [hostname, pathname];
}

/** `[user@]host:path`; a single letter in front of the colon is a drive of Windows. */
function splitScp(text: string): [host: string, path: string] | undefined {
  const [, host, path] = /^(?:[^@/:\s]+@)?(\[[^\]]+\]|[^@/:\\\s]{2,}):(?!\/\/)([^\s]+)$/.exec(text) ?? [];
  return host === undefined || path === undefined ? undefined : [host, path];
}
