import { expect, it } from 'vitest';

import { valueAt } from '../../../src/config/paths';
import { readConfig } from '../../../src/model/resolve';
import { exampleWith, pathOf, problemsOf } from '../../support/answers';

const ALB = {
  'dev.network.albDnsName': 'a.us-east-1.elb.amazonaws.com',
  'dev.network.albHostedZoneId': 'Z35SXDOTRQ7X7K',
};
const domain = (more: object) => ({ mode: 'domain', host: 'mcp.example.com', priority: 100, ...more });
const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef';
const UUID = '01234567-89ab-cdef-0123-456789abcdef';

/** What somebody prints or writes, at which place, and what it comes to; absent: the same. */
const accepted: readonly [why: string, place: string, written: unknown, becomes?: unknown][] = [
  // Host names, as AWS, browsers and zone files print them.
  [
    'an ALB DNS name with capitals',
    'dev.network.albDnsName',
    'Quilt-LoadB-1A2B3C.us-east-1.elb.amazonaws.com',
    'quilt-loadb-1a2b3c.us-east-1.elb.amazonaws.com',
  ],
  [
    'an internal ALB DNS name',
    'dev.network.albDnsName',
    'internal-Quilt-1.us-east-1.elb.amazonaws.com',
    'internal-quilt-1.us-east-1.elb.amazonaws.com',
  ],
  [
    'an ALB DNS name of an alias record',
    'dev.network.albDnsName',
    'dualstack.q-1.us-east-1.elb.amazonaws.com.',
    'dualstack.q-1.us-east-1.elb.amazonaws.com',
  ],
  ['a DNS name of China', 'dev.network.albDnsName', 'q-1.cn-north-1.elb.amazonaws.com.cn'],
  ['a host with capitals', 'dev.routing.host', 'Quilt-Dev.Example.COM', 'quilt-dev.example.com'],
  ['a host with a trailing dot', 'dev.routing.host', 'quilt-dev.example.com.', 'quilt-dev.example.com'],
  ['a host that begins with a digit', 'dev.routing.host', '3m.example.com'],
  ['a host in punycode', 'dev.routing.host', 'xn--bcher-kva.example.com'],
  ['a host of 120 characters', 'dev.routing.host', `${'a'.repeat(60)}.${'b'.repeat(47)}.example.com`],
  // URLs.
  ['a URL with a trailing slash', 'dev.catalogUrl', 'https://quilt-dev.example.com/', 'https://quilt-dev.example.com'],
  ['a URL with capitals', 'dev.catalogUrl', 'HTTPS://Quilt-Dev.example.com', 'https://quilt-dev.example.com'],
  [
    "a URL with the scheme's own port",
    'dev.catalogUrl',
    'https://quilt-dev.example.com:443/',
    'https://quilt-dev.example.com',
  ],
  ['a URL with another port', 'dev.catalogUrl', 'https://quilt-dev.example.com:8443'],
  [
    'a URL whose host has a trailing dot',
    'dev.registryUrl',
    'https://r.example.com.:8443/',
    'https://r.example.com:8443',
  ],
  // Registries of images.
  ['a registry with a port', 'image.registry', 'registry.example.com:5000'],
  ['a registry on loopback', 'image.registry', 'localhost:5000'],
  ['a registry by its address', 'image.registry', '10.0.0.1:5000'],
  ['a registry of one label with a port', 'image.registry', 'registry:5000'],
  ['a registry with capitals', 'image.registry', 'GHCR.io', 'ghcr.io'],
  ['the dual-stack endpoint of ECR', 'image.registry', '111122223333.dkr-ecr.us-east-1.on.aws'],
  ['the FIPS endpoint of ECR', 'image.registry', '111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com'],
  ['a repository with two underscores', 'image.repository', 'quilt__data/mcp--server'],
  ['a repository of a pull-through cache', 'image.repository', 'docker-hub/quiltdata/mcp.server'],
  // GitHub.
  ['a managed user of GitHub as owner', 'repository.name', 'jdoe_acme/quilt-mcp-deploy'],
  ...[
    'https://github.com/acme/quilt-mcp-deploy',
    'https://github.com/acme/quilt-mcp-deploy/',
    'https://github.com/acme/quilt-mcp-deploy.git',
    'git@github.com:acme/quilt-mcp-deploy.git',
    'ssh://git@github.com/acme/quilt-mcp-deploy.git',
  ].map((url): [string, string, string, string] => [
    `the repository of GitHub ${url}`,
    'repository.name',
    url,
    'acme/quilt-mcp-deploy',
  ]),
  ['an account as the console shows it', 'dev.account', '1111-2222-3333', '111122223333'],
  ['a repository of GitHub with dots', 'repository.name', 'acme/.quilt.mcp_deploy'],
  // Identifiers of AWS.
  [
    'a hosted zone as the CLI prints it',
    'dev.routing',
    domain({ hostedZoneId: '/hostedzone/Z0123456789' }),
    domain({ hostedZoneId: 'Z0123456789', stickiness: false }),
  ],
  [
    'a hosted zone as an ARN',
    'dev.routing',
    domain({ hostedZoneId: 'arn:aws:route53:::hostedzone/Z0123456789' }),
    domain({ hostedZoneId: 'Z0123456789', stickiness: false }),
  ],
  ['a hosted zone of 14 characters', 'dev.network.albHostedZoneId', 'Z35SXDOTRQ7X7K'],
  [
    'a certificate of ACM',
    'dev.routing',
    domain({ certificateArn: CERTIFICATE }),
    domain({ certificateArn: CERTIFICATE, stickiness: false }),
  ],
  [
    'a server certificate of IAM',
    'dev.routing',
    domain({ certificateArn: 'arn:aws:iam::111122223333:server-certificate/quilt' }),
    domain({ certificateArn: 'arn:aws:iam::111122223333:server-certificate/quilt', stickiness: false }),
  ],
  [
    'a server certificate with a path',
    'dev.routing',
    domain({ certificateArn: 'arn:aws:iam::111122223333:server-certificate/cloudfront/q_1+=,.@-' }),
    domain({ certificateArn: 'arn:aws:iam::111122223333:server-certificate/cloudfront/q_1+=,.@-', stickiness: false }),
  ],
  ['a boundary that AWS manages', 'dev.permissionsBoundaryArn', 'arn:aws:iam::aws:policy/PowerUserAccess'],
  ['a boundary of workflows', 'dev.deliveryBoundaryArn', 'arn:aws:iam::111122223333:policy/team/quilt/delivery'],
  ['a boundary with a path', 'dev.permissionsBoundaryArn', 'arn:aws:iam::111122223333:policy/team/quilt/boundary'],
  [
    'a key of several regions',
    'dev.logs.kmsKeyArn',
    `arn:aws:kms:us-east-1:111122223333:key/mrk-${UUID.replaceAll('-', '')}`,
  ],
  ['an id of EC2 from before 2016', 'dev.network.vpcId', 'vpc-0a1b2c3d'],
  [
    'a secret with a JSON key',
    'dev.secrets',
    { A_TOKEN: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:a/b@c-AbCdEf:key::' },
  ],
  [
    'a secret with key, stage and version',
    'dev.secrets',
    { A_TOKEN: `arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbCdEf:k:AWSCURRENT:${UUID}` },
  ],
  [
    'an alarm with letters of any language',
    'dev.deployment',
    { strategy: 'rolling', alarms: ['Échecs (5xx) – größer als 1 %'] },
  ],
  ['a state below a folder with signs', 'state.keyPrefix', "teams/data=platform/quilt@1/it's"],
  ['a state below a folder with slashes around', 'state.keyPrefix', '/quilt/mcp/', 'quilt/mcp'],
  ['a bucket with dots', 'state.bucket', 'example.terraform.state'],
  [
    'a tag with a namespace',
    'tags',
    { Project: 'quilt', Owner: 'a@example.com', CostCenter: '1/2', 'example.com/team': 'Größe' },
  ],
  // Origins, as browsers and editors send them.
  ...[
    ['https://app.example.com'],
    ['https://App.Example.com/', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['http://app.example.com:80', 'http://app.example.com'],
    ['http://localhost:6274'],
    ['http://127.0.0.1:6274'],
    ['http://[::1]:6274'],
    ['http://[0:0:0:0:0:0:0:1]:6274', 'http://[::1]:6274'],
    ['http://my_host:3000'],
    ['vscode-file://vscode-app'],
    ['vscode-webview://1k2j3h4g5f'],
    ['chrome-extension://abcdefghijklmnopabcdefghijklmnop'],
    [`moz-extension://${UUID}`],
    [`safari-web-extension://${UUID.toUpperCase()}`],
    ['tauri://localhost'],
    ['capacitor://localhost'],
    ['app://obsidian.md'],
  ].map(([written, becomes = written]): [string, string, unknown, unknown] => [
    `the origin ${written}`,
    'dev.cors.allowedOrigins',
    [written],
    [becomes],
  ]),
];

it.each(accepted)('answers may have %s', (_, place, written, becomes = written) => {
  const needed = place.startsWith('dev.routing') || place.startsWith('dev.network') ? ALB : {};
  const answers = exampleWith({ ...needed, [place]: written });
  expect(problemsOf(answers)).toEqual([]);
  expect(valueAt(readConfig(answers, 'x'), pathOf(place))).toEqual(becomes);
});

/** What nobody takes, and what its reader is told. */
const refused: readonly [why: string, place: string, written: unknown, says: RegExp][] = [
  ['a host with a wildcard', 'dev.routing.host', '*.example.com', /must be a host name/],
  ['a host with a port', 'dev.routing.host', 'quilt.example.com:8443', /without scheme, port or path/],
  ['a host of 129 characters', 'dev.routing.host', `${'a'.repeat(60)}.${'b'.repeat(56)}.example.com`, /at most 128/],
  ['a label of 64 characters', 'dev.routing.host', `${'a'.repeat(64)}.example.com`, /must be a host name/],
  ['a port beyond 65535', 'dev.catalogUrl', 'https://q.example.com:65536', /must be an https URL/],
  ['a port 0', 'dev.catalogUrl', 'https://q.example.com:0', /must be an https URL/],
  ['an address that is none', 'dev.catalogUrl', 'https://256.1.1.1', /must be an https URL/],
  ['a URL with a query', 'dev.catalogUrl', 'https://q.example.com?x', /must be an https URL/],
  ['a URL with a password', 'dev.catalogUrl', 'https://u:p@q.example.com', /must be an https URL/],
  ['a registry with a scheme', 'image.registry', 'https://ghcr.io', /must be a registry's host/],
  ['a registry that is a name on Docker Hub', 'image.registry', 'quiltdata', /must be a registry's host/],
  ['a repository of two dots', 'repository.name', 'acme/..', /owner\/name/],
  ['a repository elsewhere', 'repository.name', 'https://gitlab.com/acme/quilt', /or its URL on github\.com/],
  ['a page of a repository', 'repository.name', 'https://github.com/acme/quilt/issues', /owner\/name/],
  ['a repository of two dots by its URL', 'repository.name', 'https://github.com/acme/...git', /owner\/name/],
  ['an account with other hyphens', 'dev.account', '111-122223333-', /12 digits/],
  ['an account with hyphens as a key', 'oidcProviders', { '1111-2222-3333': { create: true } }, /without hyphens/],
  ['a repository with a slash too much', 'repository.name', 'acme/a/b', /owner\/name/],
  ['an owner of 40 characters', 'repository.name', `${'a'.repeat(40)}/x`, /owner\/name/],
  ['an alias of a key', 'dev.logs.kmsKeyArn', 'arn:aws:kms:us-east-1:111122223333:alias/quilt', /key/],
  [
    'a certificate of IAM of another account',
    'dev.routing',
    domain({ certificateArn: 'arn:aws:iam::444455556666:server-certificate/q' }),
    /account, 111122223333/,
  ],
  [
    'a server certificate of another partition',
    'dev.routing',
    domain({ certificateArn: 'arn:aws-cn:iam::111122223333:server-certificate/q' }),
    /partition, aws/,
  ],
  ['a number as text', 'tags.Owner', 5, /must be text: put it in quotes/],
  ['true as text', 'tags.CostCenter', true, /must be text: put it in quotes/],
  ['an alarm with a comma', 'dev.deployment', { strategy: 'rolling', alarms: ['a,b'] }, /without a comma/],
  ['an alarm with a space before it', 'dev.deployment', { strategy: 'rolling', alarms: [' a'] }, /no space around/],
  ['a state below two dots in a row', 'state.bucket', 'a..b', /name of an S3 bucket/],
  ['a wildcard in the keys of a state', 'state.keyPrefix', 'quilt/*', /must be a key prefix/],
  [
    'a load balancer whose name has 33 characters',
    'dev.network.listenerArn',
    `arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/${'a'.repeat(33)}/0123456789abcdef/0123456789abcdef`,
    /must be an ARN/,
  ],
  [
    'an ARN of 2,049 characters',
    'dev.permissionsBoundaryArn',
    `arn:aws:iam::111122223333:policy/${'a'.repeat(2016)}`,
    /must be an ARN/,
  ],
  ...[
    '*',
    'null',
    'https://*.example.com',
    'https://app.example.com/path',
    'app.example.com',
    'https://',
    'file://',
    'http://[::1',
    'http://[zz]',
    'http://300.1.1.1',
    'https://a.example.com?',
    'data:text/plain,x',
    'https://a,b',
    `https://${'a'.repeat(121)}`,
  ].map((origin): [string, string, unknown, RegExp] => [
    `the origin ${origin}`,
    'dev.cors.allowedOrigins',
    [origin],
    /must be an origin|at most 128/,
  ]),
];

it.each(refused)('answers with %s are refused', (_, place, written, says) => {
  const problems = problemsOf(exampleWith({ ...(place.startsWith('dev.routing') ? ALB : {}), [place]: written }));
  expect(problems.map(({ message }) => message).join('\n')).toMatch(says);
});

it('answers are compared in their normal form: two hosts that differ by case are one', () => {
  const listener = { 'environments.staging.network': exampleWith({}).environments.dev.network };
  const hosts = {
    'dev.routing.host': 'MCP.example.com',
    'environments.staging.routing': { mode: 'path', host: 'mcp.example.com.', priority: 200 },
  };
  const problems = problemsOf(exampleWith({ ...listener, ...hosts }));
  expect(problems).toMatchObject(
    [{ path: 'environments.staging.routing.host', message: /is taken by environments.dev/ }].map((p) => ({
      ...p,
      message: expect.stringMatching(p.message),
    })),
  );
});

it('answers with the same origin twice are refused, however it is written', () => {
  const problems = problemsOf(
    exampleWith({ 'dev.cors.allowedOrigins': ['https://a.example.com', 'https://A.example.com:443/'] }),
  );
  expect(problems).toMatchObject([{ message: 'must not name an origin twice' }]);
});
