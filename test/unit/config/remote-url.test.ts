import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hostBesideGithub, parseRemote } from '../../../src/config/remote-url';

const TAKEN = [
  'https://github.com/acme/mcp-deploy.git',
  'https://github.com/acme/mcp-deploy',
  'https://github.com/acme/mcp-deploy/',
  'https://github.com/acme/mcp-deploy.git/',
  'https://someone:secret@github.com/acme/mcp-deploy.git',
  'https://x-access-token:secret@github.com/acme/mcp-deploy',
  'http://github.com/acme/mcp-deploy.git',
  'HTTPS://GitHub.com/acme/mcp-deploy.git',
  'https://git.acme.example:8443/acme/mcp-deploy.git',
  'https://acme.ghe.com/acme/mcp-deploy.git',
  'git@github.com:acme/mcp-deploy.git',
  'git@github.com:acme/mcp-deploy',
  'git@github.com:/acme/mcp-deploy.git',
  'github.com:acme/mcp-deploy.git',
  'github-work:acme/mcp-deploy.git',
  'org-1234@github.com:acme/mcp-deploy.git',
  'ssh://git@github.com/acme/mcp-deploy.git',
  'ssh://git@ssh.github.com:443/acme/mcp-deploy.git',
  'git+ssh://git@github.com/acme/mcp-deploy.git',
  'git://github.com/acme/mcp-deploy.git',
  '  https://github.com/acme/mcp-deploy.git\n',
];
const LEFT = [
  ...['', 'origin', '.', '/srv/git/mcp-deploy.git', '../acme/mcp-deploy', 'acme/mcp-deploy', './a:b/c'],
  ...['file:///srv/acme/mcp-deploy.git', 'C:/acme/mcp-deploy', 'C:\\acme\\mcp-deploy', 'c:acme/mcp-deploy'],
  ...['https://github.com/acme', 'https://github.com/', 'https://github.com/a/b/c', 'git@github.com:mcp-deploy.git'],
  ...['https://gitlab.com/acme/mcp-deploy.git', 'git@gitlab.acme.example:acme/mcp-deploy.git'],
  ...['git@bitbucket.org:acme/mcp-deploy.git', 'https://dev.azure.com/acme/mcp-deploy', 'git@ssh.dev.azure.com:v3/a/b'],
  ...['https://git-codecommit.us-east-1.amazonaws.com/v1/repos/mcp', 'https://acme.visualstudio.com/a/b'],
  ...['https://github.com/ac me/mcp', 'https://github.com/acme/m%20cp', 'https://[bad/acme/mcp'],
];

describe('the URL of a remote', () => {
  it.each(TAKEN)('the remote origin %s is a GitHub repository', (remote) => {
    expect(parseRemote(remote)).toBe('acme/mcp-deploy');
  });

  it.each(LEFT)('the remote origin %j names no GitHub repository', (remote) => {
    expect(parseRemote(remote)).toBeUndefined();
  });

  it.each<[remote: string, host: string | undefined]>([
    ['https://someone:secret@gitlab.com/acme/mcp-deploy.git', 'gitlab.com'],
    ['git@bitbucket.org:acme/mcp-deploy.git', 'bitbucket.org'],
    ['git@ssh.dev.azure.com:v3/a/b', 'ssh.dev.azure.com'],
    ...[...TAKEN, '', '/srv/git/mcp-deploy.git', 'file:///srv/a/b.git'].map((remote): [string, undefined] => [
      remote,
      undefined,
    ]),
  ])('the remote origin %j is at another host than GitHub: %s', (remote, host) => {
    expect(hostBesideGithub(remote)).toBe(host);
  });

  it('the name in the URL of a remote never gives away what is in front of the host', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_]{8,40}$/).map((text) => `s3cret${text}`);
    const form = fc.constantFrom(
      'https://USER:SECRET@github.com/a/b',
      'https://SECRET@ghe.example/a/b.git',
      'SECRET@h.example:a/b',
      'ssh://SECRET@h.example/a/b',
    );
    fc.assert(
      fc.property(secret, form, (text, url) => {
        expect(parseRemote(url.replace('SECRET', text)) ?? '').not.toContain(text);
      }),
    );
  });
});
