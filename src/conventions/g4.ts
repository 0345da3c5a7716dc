import { headersOf, TELEMETRY_UNKNOWN } from './common';
import type { Conventions } from './schema';

// Which revisions it speaks is not known; this was the newest when it came.
const REVISIONS = ['2025-11-25'];

export const g4: Conventions = {
  id: 'g4',
  title: 'in the Quilt stack',
  summary:
    "From Quilt platform 1.68 on the stack has an MCP server of its own, behind Connect, at https://<ConnectHost>/mcp/platform/mcp; the registry's host answers /mcp/platform/mcp, too. One sees it by stackVersion in the catalog's config.json, and the host by the stack's output ConnectHost. There is nothing to deploy, and nothing of ours may stand before /mcp/platform.",
  versions: null,
  dates: { from: '2026-03-03' },
  support: {
    kind: 'recognised',
    why: 'the Quilt stack (1.68 or later) brings its own server',
    instead:
      "give clients https://<ConnectHost>/mcp/platform/mcp, where ConnectHost is the stack's output, and remove what was deployed beside it",
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
    modes: { bearer: { meaning: 'a token that Connect issues, or an API key of Quilt (qk_…)' } },
    anonymous: 401,
    garbage: 401,
    meaning: 'Connect decides. That it answers 401 is what the MCP specification demands, and was not tried here.',
  },
  secrets: { readBy: 'the stack; nothing is given to it here' },
  iam: { executionRole: [], taskRole: [], why: 'The roles are those of the stack.' },
  logs: { started: [], misconfigured: [], refused: [], alarming: [] },
  telemetry: { sends: TELEMETRY_UNKNOWN },
  defects: [],
  protocol: { revisions: REVISIONS, headers: headersOf(REVISIONS) },
  sources: [
    { what: 'quiltdata/quilt docs, Quilt platform 1.68 (2026-03-03)', at: 'dd654ce42' },
    { what: "quiltdata/quilt catalog, Assistant.tsx:39-47, the registry's own path", at: '1.68' },
  ],
};
