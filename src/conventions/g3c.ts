import { g3b, HANGS_EARLIER } from './g3b';
import type { Conventions } from './schema';

const { environment } = g3b;
const { earlier: _earlier, ...timing } = g3b.timing!;

/** As g3b, but for the following. */
export const g3c: Conventions = {
  ...g3b,
  id: 'g3c',
  title: 'remote pass-through, registry URL optional',
  summary: `${g3b.summary} Without QUILT_REGISTRY_URL it now reads the catalog's config.json, at every call of a tool: a deployment sets it all the same.`,
  versions: { from: '0.22.0' },
  dates: { from: '2026-03-14' },
  ranHere: ['0.22.0'],
  image: { ...g3b.image, defaultVersion: '0.22.0' },
  environment: {
    ...environment,
    derived: {
      ...environment.derived,
      QUILT_REGISTRY_URL: {
        meaning: 'URL of the Quilt registry; without it the server asks the catalog for config.json on every tool call',
        from: 'registryUrl',
      },
    },
  },
  timing,
  defects: g3b.defects.filter((defect) => defect !== HANGS_EARLIER),
  sources: [
    { what: 'quilt-mcp (Python registry), run', at: '0.22.0' },
    { what: 'quiltdata/quilt-mcp-server src/quilt_mcp/utils/common.py, config.py', at: 'v0.21.0' },
  ],
};
