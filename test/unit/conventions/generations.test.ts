import { describe, expect, it } from 'vitest';

import { generateFiles } from '../../../generators';
import { conventionsPage } from '../../../generators/docs/conventions-page';
import { loadTemplates } from '../../../generators/templates';
import { exampleAnswers } from '../../../src/config/example';
import { AnswersError } from '../../../src/config/problem';
import { CATALOGUE, findConventions, findDeployable, isDeployable } from '../../../src/conventions';
import { PROTOCOL_HEADERS } from '../../../src/conventions/common';
import type { Deployment } from '../../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';

/**
 * What the catalogue had wrong of servers that can't be run here, because no registry has them. They were run from source at
 * their tags (quiltdata/quilt-mcp-server v0.10.0, v0.11.0, v0.13.0, v0.14.0, v0.14.1, v0.15.0, v0.16.0, v0.17.1), or read
 * there. Each test says which file or run it has its fact from. What can be run, test/server has.
 */

const templates = loadTemplates('templates');

function deploymentOf(id: string, version?: string): Deployment {
  const answers = structuredClone(exampleAnswers(findDeployable(id)!));
  if (version !== undefined) answers.image.version = version;
  return resolveDeployment(readConfig(answers, 'the example'));
}

/** All variables of a task, but for secrets. */
function variablesOf(id: string): Readonly<Record<string, string>> {
  const { contract, environments } = deploymentOf(id);
  return { ...contract.container.environment, ...environments[0]!.service.taskDefinition.environment };
}

/** Why an owner may not set a variable; undefined if it may be set. */
function refusal(id: string, name: string, value = 'true'): string | undefined {
  const answers = structuredClone(exampleAnswers(findDeployable(id)!));
  Object.assign(answers.environments.dev!, {
    environment: { ...answers.environments.dev!.environment, [name]: value },
  });
  try {
    readConfig(answers, 'the example');
  } catch (error) {
    if (error instanceof AnswersError) return error.problems.map(({ message }) => message).join('\n');
    throw error;
  }
  return undefined;
}

/** What a page says of a generation, in one line, without the marks of Markdown. */
function pageOf(id: string): string {
  return conventionsPage(findConventions(id)!, templates, { origin: '', pages: [] })
    .replace(/[\\`]|&#96;/g, '')
    .replace(/\s+/g, ' ');
}

function documentsOf(deployment: Deployment): string {
  const files = generateFiles(deployment, templates).filter(({ path }) => path.endsWith('.md'));
  return files.map(({ content }) => content).join('\n');
}

const deployable = CATALOGUE.filter(isDeployable).map(({ id }) => id);
/** Generations of published versions from v0.8.0 to v0.22.0. */
const published = CATALOGUE.filter(({ versions }) => versions !== null && versions.from >= '0.8.0').map(({ id }) => id);

describe('the memory of g2', () => {
  // Run at v0.14.1, 12,000 requests: 211 to 219 MB, and with the variable 210 to 211 MB.
  it.each(['g2a', 'g2b', 'g2c'])('a server of %s keeps nothing of requests, for its telemetry is off', (id) => {
    expect(variablesOf(id).MCP_TELEMETRY_ENABLED).toBe('false');
    expect(refusal(id, 'MCP_TELEMETRY_ENABLED')).toBeDefined();
    expect(pageOf(id)).toMatch(/Telemetry keeps 0\.65 KB of every request in memory/);
    expect(pageOf(id)).not.toMatch(/MB were? in use, under load too/);
  });

  it('a server that reads no such variable is given none', () => {
    const given = deployable.filter((id) => 'MCP_TELEMETRY_ENABLED' in variablesOf(id));
    expect(given).toEqual(['g2a', 'g2b', 'g2c']);
  });
});

describe('telemetry', () => {
  // Read in quilt_mcp/telemetry and services/auth_metrics.py of 0.15.0 to 0.22.0; test/server sees it of 0.21.0 and 0.22.0.
  it.each(deployable)('the documents of %s claim no telemetry', (id) => {
    const documents = documentsOf(deploymentOf(id));
    expect(documents).not.toMatch(
      /\*\*Telemetry|Telemetry of the server|\| Telemetry \||sends (usage metrics|telemetry)/,
    );
  });

  it.each(['g2d', 'g3b', 'g3c'])('an owner of %s may still have usage metrics turned off', (id) => {
    expect(refusal(id, 'QUILT_DISABLE_USAGE_METRICS')).toBeUndefined();
  });

  // Read at v0.15.0 and v0.21.0: telemetry/collector.py, config.py, services/permission_discovery.py.
  it.each(['g2d', 'g3a', 'g3b', 'g3c'])('every variable that %s reads has its place in the catalogue', (id) => {
    const { environment } = findConventions(id)!;
    const names = Object.values(environment).flatMap((variables) => Object.keys(variables));
    const telemetry = 'LEVEL ENDPOINT LOCAL_ONLY PRIVACY_LEVEL BATCH_SIZE FLUSH_INTERVAL SESSION_TIMEOUT API_KEY';
    const resources = 'CACHE_TTL CACHE_ENABLED ACCESS_LOGGING';
    const read = [
      ...telemetry.split(' ').map((name) => `MCP_TELEMETRY_${name}`),
      ...resources.split(' ').map((name) => `QUILT_MCP_RESOURCE_${name}`),
      ...['QUILT_KNOWN_BUCKETS', 'QUILT_ENABLE_FALLBACK_DISCOVERY', 'QUILT_MULTIUSER_MODE'],
    ];
    expect(read.filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('what versions from v0.8.0 on have in common', () => {
  // Read in the Dockerfile of each tag.
  it.each(published)('the image of %s sets transport, host and port itself', (id) => {
    expect(findConventions(id)!.image.bakes).toMatchObject({
      FASTMCP_TRANSPORT: 'http',
      FASTMCP_HOST: '0.0.0.0',
      FASTMCP_PORT: '8000',
    });
  });

  // Read in services/athena_service.py of each.
  it.each(deployable)('Athena in %s goes by variables that are set, or that an owner may set', (id) => {
    for (const name of ['AWS_DEFAULT_REGION', 'ATHENA_WORKGROUP', 'ATHENA_QUERY_RESULT_LOCATION']) {
      expect([name, name in variablesOf(id) || refusal(id, name, 'us-east-1')]).toEqual([
        name,
        name in variablesOf(id) ? true : undefined,
      ]);
    }
  });
});

describe('g1a', () => {
  // Read at 2eaba615; 8398a476 was compiled.
  it.each(['MCP_ASSUME_ROLE_ARN', 'QUILT_USER_ROLE_ARN', 'QUILT_ACCESS_TOKEN'])(
    'a deployment of g1a may not set %s, which gives every caller one identity',
    (name) => {
      expect(refusal('g1a', name)).toMatch(/gives every caller the identity of this (role|token)/);
    },
  );

  it('the page of g1a says that a header without a token takes on a role, and that callers share an identity', () => {
    expect(pageOf('g1a')).toMatch(
      /header X-Quilt-User-Role, with the ARN of a role, makes the server take that role on/,
    );
    expect(pageOf('g1a')).toMatch(/Who calls is kept in the environment of the process/);
    expect(pageOf('g1a')).toMatch(/8398a476, of the later state of the branches, does not compile/);
  });
});

describe('g2', () => {
  // Run at v0.10.0.
  it('a deployment of g2a is healthy at every path, and is given no URL of a catalog, which no code of it reads', () => {
    const { health, defects, auth } = findDeployable('g2a')!;
    expect(health.all).toEqual(['/', '/health', '/healthz']);
    expect(defects.filter(({ what }) => /health/.test(what))).toEqual([]);
    expect(variablesOf('g2a')).not.toHaveProperty('QUILT_CATALOG_URL');
    expect(refusal('g2a', 'QUILT_CATALOG_URL', 'https://quilt.example.com')).toBeDefined();
    expect(auth.meaning).toContain('At the door only exp is demanded of a token');
  });

  // Run at v0.11.0 and v0.13.0.
  it('the page of g2b says which of its versions reads what, and which tools are missing', () => {
    const page = pageOf('g2b');
    expect(page).toMatch(/0\.13\.0 does not read it, for it takes on none/);
    expect(page.match(/read from 0\.13\.0 on/g)).toHaveLength(2);
    expect(page).toMatch(/in 0\.11\.0, 19 tools are not implemented, in 0\.13\.0 still 3/);
    expect(refusal('g2b', 'QUILT_GRAPHQL_ENDPOINT', 'https://quilt.example.com/graphql')).toBeUndefined();
    expect(refusal('g2b', 'QUILT_BROWSING_SESSION_TTL', '60')).toBeUndefined();
  });

  // Run at v0.14.1.
  it('a deployment of g2c may not set MCP_SKIP_BANNER, which has no effect over HTTP', () => {
    expect(refusal('g2c', 'MCP_SKIP_BANNER')).toContain('has no effect over HTTP');
  });
});

describe('g3', () => {
  // Run at v0.16.0; test/server runs it with 0.17.4, 0.17.6, 0.21.0 and 0.22.0.
  it.each(['g3b', 'g3c'])('a deployment of %s may not set QUILT_ALLOW_TEST_JWT, and is told the true reason', (id) => {
    expect(refusal(id, 'QUILT_ALLOW_TEST_JWT')).toMatch(/over HTTP .* who brings no token gets 401/);
  });

  it('the page of g3a does not say that its server lets in who brings no token', () => {
    expect(pageOf('g3a')).toMatch(/Over HTTP, who brings no token gets 401 all the same/);
    expect(pageOf('g3a')).not.toMatch(/signs tokens of its own (with it )?for who brings none/);
  });

  // The day of 0.22.0 on the Python registry.
  it('the catalogue dates g3c by the release of its first version', () => {
    expect(findConventions('g3c')!.dates.from).toBe('2026-03-14');
  });

  // Source: uv.lock of the tags; test/server runs 0.17.4 and 0.17.6.
  it.each([
    ['g3b', '0.17.1', 'hangs'],
    ['g3b', '0.17.4', 'hangs'],
    ['g3b', '0.17.5', 'ends'],
    ['g3b', '0.21.0', 'ends'],
    ['g3c', '0.22.0', 'ends'],
  ])('the documents for %s of version %s say that a stream that is open on SIGTERM %s', (id, version, does) => {
    const documents = documentsOf(deploymentOf(id, version));
    expect(documents).toMatch(new RegExp(`on SIGTERM, the stream of a client that listens ${does}`));
  });

  it('the page of g3c has nothing of versions that hang', () => {
    expect(pageOf('g3b')).toMatch(/below 0\.17\.5 it hangs/);
    expect(pageOf('g3c')).not.toMatch(/below 0\.17\.5|from 0\.17\.1 to 0\.17\.4/);
  });
});

describe('the newest revision of the protocol', () => {
  // Source: Model Context Protocol specification, 2026-07-28; test/server asks 0.22.0 for it.
  it('no generation is said to speak the newest revision, and those that were tried to refuse it with 400', () => {
    const newest = Object.keys(PROTOCOL_HEADERS).at(-1)!;
    expect(newest).toBe('2026-07-28');
    expect(CATALOGUE.filter(({ protocol }) => protocol.revisions.includes(newest))).toEqual([]);
    for (const id of ['g3b', 'g3c'])
      expect(pageOf(id)).toMatch(/400, and a list .* 2026-07-28, the newest; clients then begin/);
  });

  it('no list of headers has one with a wildcard, or one that is named by a parameter', () => {
    const headers = Object.values(PROTOCOL_HEADERS).flat();
    expect(headers.filter((name) => /\*|^mcp-param/i.test(name))).toEqual([]);
  });
});
