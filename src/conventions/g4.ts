import { headersOf } from './common';
import type { Conventions } from './schema';

// It is unknown which revisions it speaks; this was the newest at its release.
const REVISIONS = ['2025-11-25'];

export const g4: Conventions = {
  id: 'g4',
  title: 'in the Quilt stack',
  summary:
    "From Quilt platform 1.68 on the stack can run an MCP server of its own, behind Connect. It is off until the stack's parameter ConnectAllowedHosts is set; then the stack's output PlatformMcpServerUrl has its URL. Who has it needs no deployment of ours. Clients that only speak OAuth, such as claude.ai and the connectors of ChatGPT, need it: what is deployed here takes a bearer token. The registry's host also answers /mcp/platform/mcp, since 2026-04-29 and without Connect, too. stackVersion in the catalog's config.json says which platform it is; from 1.71 on, the load balancer of Connect takes the scheme of the catalog's. Nothing of ours may stand before /mcp/platform.",
  versions: null,
  dates: { from: '2026-03-03' },
  support: {
    kind: 'alternative',
    why: 'the Quilt stack (1.68 or later, with Connect) runs this server itself',
    instead:
      "set ConnectAllowedHosts of the stack, give clients the URL of the stack's output PlatformMcpServerUrl, and remove what was deployed beside it",
  },
  ranHere: [],
  image: {
    repositories: [],
    defaultVersion: null,
    bakes: {},
    user: 'not known: the stack runs it',
    hasCurl: null,
    python: 'not known',
    packages: {},
  },
  endpoint: { port: 443, path: '/mcp/platform/mcp', otherSlash: 'not known; give the path as it is' },
  environment: { fixed: {}, derived: {}, optional: {}, dead: {}, dangerous: {} },
  auth: {
    modes: { bearer: { meaning: 'a token that Connect issues by OAuth 2.1, or an API key of Quilt (qk_…)' } },
    anonymous: 401,
    garbage: 401,
    meaning:
      'Connect decides. It publishes OAuth 2.1 metadata and registers clients that ask for it (DCR), so that clients which only speak OAuth can use it; ChatGPT, Databricks and Codex from 1.70 on. That it answers 401 is what the MCP specification demands, and was not tried here.',
  },
  secrets: { readBy: 'the stack; nothing is given to it here' },
  iam: { executionRole: [], taskRole: [], why: 'The roles are those of the stack.' },
  logs: { started: [], misconfigured: [], refused: [], alarming: [] },
  defects: [],
  protocol: { revisions: REVISIONS, headers: headersOf(REVISIONS) },
  sources: [
    { what: 'quiltdata/quilt docs, Quilt platform 1.68 (2026-03-03)', at: 'dd654ce42' },
    { what: 'quiltdata/quilt docs, release notes of the Quilt platform', at: '1.68, 1.70, 1.71' },
    { what: "quiltdata/quilt catalog, Assistant.tsx:39-47, the registry's own path", at: '1.68' },
  ],
};
