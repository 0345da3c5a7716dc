import { hostBesideGithub, parseRemote } from '../config/remote-url';
import { gitIn } from './git';

/** The remote `origin` of a clone. */
export interface RemoteOrigin {
  /** `owner/name` of a repository of GitHub. */
  readonly name?: string;
  /** The host, if it is one that is not GitHub's. */
  readonly elsewhere?: string;
}

/**
 * The remote `origin` of a clone; empty if there is none, or it is on this machine.
 *
 * @param directory root of a git repository
 * @throws the reason of the abort
 */
export async function originOf(directory: string, signal: AbortSignal): Promise<RemoteOrigin> {
  const git = gitIn(directory, signal);
  const written = await git('config', '--get', 'remote.origin.url');
  if (!written.ok) {
    return {};
  }
  const name = parseRemote(written.stdout);
  if (name !== undefined) {
    return { name };
  }
  // The URL may be abbreviated: url.BASE.insteadOf.
  const meant = await git('ls-remote', '--get-url', 'origin');
  const remote = meant.ok ? meant.stdout : written.stdout;
  return { name: parseRemote(remote), elsewhere: hostBesideGithub(remote) };
}
