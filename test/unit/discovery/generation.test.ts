import { describe, expect, it } from 'vitest';
import { CATALOGUE, isDeployable } from '../../../src/conventions';
import { generationOf } from '../../../src/discovery/generation';
import type { Running } from '../../../src/discovery/snapshot';

const server = (change: Partial<Running>): Running => ({
  service: 'mcp',
  image: 'example/mcp@sha256:0000',
  variables: [],
  secrets: [],
  plaintextSecrets: [],
  ...change,
});
const ids = (change: Partial<Running>, convention?: string) =>
  generationOf(
    server(change),
    convention === undefined
      ? undefined
      : { name: 'mcp', desired: 1, running: 1, taskDefinition: 'x', targetGroupArns: [], convention },
  ).generations.map(({ id }) => id);

describe('the generation of a server that runs', () => {
  it('the generation is the one of the tag that this generator makes', () => {
    expect(ids({ image: 'example/mcp:0.9.2' }, 'g3c')).toEqual(['g3c']);
  });

  it('the generation is the one of the version in the tag of the image', () => {
    expect(ids({ image: '850787717197.dkr.ecr.us-east-1.amazonaws.com/quiltdata/mcp:v0.9.2' })).toEqual(['g1b']);
    expect(ids({ image: 'localhost:5000/mcp:0.22.0@sha256:00' })).toEqual(['g3c']);
  });

  it.each(CATALOGUE.filter(isDeployable).map((one) => [one.id, one] as const))(
    'the generation %s is among those that its own variables fit',
    (id, { environment, auth }) => {
      const variables = [...Object.keys(environment.fixed), ...Object.keys(environment.derived)];
      const secrets = Object.values(auth.modes).flatMap(({ secret }) => secret?.variable ?? []);
      expect(ids({ variables, secrets })).toContain(id);
    },
  );

  it("the generation is g1a of the variables that upstream's own documents gave it, half of which it does not read", () => {
    // Source: MCP Server Infrastructure Documentation of quiltdata/quilt-mcp-server, 2025-09, "Container Environment Variables".
    const variables =
      'AWS_DEFAULT_REGION AWS_REGION QUILT_CATALOG_URL QUILT_REGISTRY_URL MCP_SERVER_NAME MCP_SERVER_VERSION LOG_LEVEL ' +
      'PYTHONUNBUFFERED FASTMCP_TRANSPORT FASTMCP_ADDR FASTMCP_PORT MCP_ENHANCED_JWT_SECRET MCP_ENHANCED_JWT_KID';
    const image = '850787717197.dkr.ecr.us-east-1.amazonaws.com/quilt-mcp-server:jwt-auth-v1.0.0';
    expect(ids({ image, variables: variables.split(' ') })).toEqual(['g1a']);
  });

  it('the generation is not known of a server whose variables fit none', () => {
    expect(ids({ variables: ['GREETING', 'COLOUR', 'PORT'] })).toEqual([]);
  });
});
