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

  it('the generation is not known of a server whose variables fit none', () => {
    expect(ids({ variables: ['GREETING', 'COLOUR', 'PORT'] })).toEqual([]);
  });
});
