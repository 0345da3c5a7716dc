import type { Change, Deployable, Step } from '../schema';

const GONE = 'the stack runs the server, and sets its environment';

/** The way out to the server of the stack, from the newest generation that is emitted. */
export function outToG4({ id, endpoint, environment, auth }: Deployable): Step {
  const variables = [...Object.keys(environment.fixed), ...Object.keys(environment.derived)];
  const secrets = Object.values(auth.modes).flatMap(({ secret }) => secret?.variable ?? []);
  return {
    from: id,
    to: 'g4',
    why: 'From Quilt platform 1.68 on, the stack can run an MCP server of its own, behind Connect; a deployment beside it then has no more use.',
    changes: [
      {
        kind: 'change',
        what: 'client',
        name: 'URL of the endpoint',
        from: `https://<host>${endpoint.path}`,
        to: "what the stack's output PlatformMcpServerUrl says: https://<ConnectHost>/mcp/platform/mcp",
        why: "the stack's own server",
      },
      {
        kind: 'change',
        what: 'client',
        name: 'token',
        from: 'one of the Quilt registry',
        to: 'one that Connect issues by OAuth 2.1, or an API key of Quilt (qk_…)',
        why: 'Connect decides who comes in',
      },
      {
        kind: 'change',
        what: 'setting',
        name: 'parameters of the Quilt stack',
        from: 'ConnectAllowedHosts is empty, and Connect is off',
        to: 'ConnectAllowedHosts names the hosts of clients; ConnectSecurityGroup, if one is wanted; CertificateArnConnect, or empty for the main certificate',
        why: 'Connect has a load balancer of its own',
      },
      {
        kind: 'remove',
        what: 'resource',
        name: 'service layer: service, task definition, target group, listener rules, security group, log group, and the domain if it has one',
        why: 'nothing asks it any more',
      },
      {
        kind: 'remove',
        what: 'resource',
        name: 'registry layer: repository of images',
        why: 'nothing pulls from it any more',
      },
      {
        kind: 'remove',
        what: 'permission',
        name: 'execution role and task role',
        why: 'nothing assumes them any more',
      },
      ...variables.map((name): Change => ({ kind: 'remove', what: 'variable', name, why: GONE })),
      ...secrets.map((name): Change => ({ kind: 'remove', what: 'secret', name, why: GONE })),
    ],
    rollOut: [
      "see that the stack is of 1.68 or later: stackVersion in the catalog's config.json",
      'set ConnectAllowedHosts of the stack and update it; it then has PlatformMcpServerUrl among its outputs',
      'give clients the new URL, and wait until none uses the old one',
      'destroy the service layer, environment by environment, then the registry layer; with retainData, images and logs stay',
    ],
    goBack:
      'until the service layer is destroyed, give clients the old URL again; after that, deploy it anew from its repository, which stays as it is',
    sources: [
      { what: 'quiltdata/quilt docs, Quilt platform 1.68 (2026-03-03)', at: 'dd654ce42' },
      { what: "quiltdata/quilt catalog, Assistant.tsx:39-47, the registry's own path", at: '1.68' },
    ],
  };
}
