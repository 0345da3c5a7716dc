import { FIXED } from '../common';
import type { Change, Step } from '../schema';

const GONE = 'the stack runs the server, and sets its environment';
const VARIABLES = [
  ...Object.keys(FIXED),
  'QUILT_DEPLOYMENT',
  'QUILT_CATALOG_URL',
  'QUILT_REGISTRY_URL',
  'QUILT_SERVICE_TIMEOUT',
];

export const g3cToG4: Step = {
  from: 'g3c',
  to: 'g4',
  why: 'From Quilt platform 1.68 on, the stack has an MCP server of its own, behind Connect; a deployment beside it has no more use.',
  changes: [
    {
      kind: 'change',
      what: 'client',
      name: 'URL of the endpoint',
      from: 'https://<host>/mcp',
      to: 'https://<ConnectHost>/mcp/platform/mcp',
      why: "the stack's own server; ConnectHost is one of the stack's outputs",
    },
    {
      kind: 'change',
      what: 'client',
      name: 'token',
      from: 'one of the Quilt registry',
      to: 'one that Connect issues, or an API key of Quilt (qk_…)',
      why: 'Connect decides who comes in',
    },
    {
      kind: 'change',
      what: 'setting',
      name: 'parameters of the Quilt stack',
      from: 'without Connect',
      to: 'ConnectAllowedHosts, ConnectSecurityGroup and CertificateArnConnect',
      why: 'Connect has a load balancer and a certificate of its own',
    },
    {
      kind: 'remove',
      what: 'resource',
      name: 'service layer: service, task definition, target group, listener rules, security group, log group, and the domain where it has one',
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
    ...VARIABLES.map((name): Change => ({ kind: 'remove', what: 'variable', name, why: GONE })),
  ],
  rollOut: [
    "see that the stack is of 1.68 or later (stackVersion in the catalog's config.json), and has ConnectHost among its outputs",
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
