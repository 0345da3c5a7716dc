import type { Step } from '../schema';

export const g3bToG3c: Step = {
  from: 'g3b',
  to: 'g3c',
  why: "v0.22.0 made QUILT_REGISTRY_URL optional: without it the server reads registryUrl from the catalog's config.json, again at every call of a tool.",
  changes: [
    {
      kind: 'change',
      what: 'variable',
      name: 'QUILT_REGISTRY_URL',
      from: 'required: without it the server exits with 1',
      to: 'optional: without it every call of a tool asks the catalog first, and fails where that is away',
      why: 'keep it set, so that a call of a tool takes one request less',
    },
  ],
  rollOut: [
    'publish the new image',
    'deploy it, environment by environment, each after POST without a token was seen to be 401',
  ],
  goBack: 'deploy the digest from before: both versions take the same environment',
  sources: [{ what: 'quilt-mcp (Python registry), run', at: '0.21.0, 0.22.0' }],
};
