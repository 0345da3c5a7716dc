import { describe, expect, it } from 'vitest';
import { isNameOf, type Named, nameOf, SHARED } from '../../../src/model/names';

const LONG = 'a-deployment-of-a-long-name';

describe('the names of a deployment', () => {
  it.each<[Named, string, string]>([
    ['service', 'quilt', 'dev'],
    ['targetGroup', 'quilt', 'dev'],
    ['targetGroup', 'quilt', 'development-of-us'],
    ['alternateTargetGroup', 'quilt', 'production'],
    ['targetGroup', LONG, 'dev'],
    ['alternateTargetGroup', LONG, 'dev'],
    ['targetGroup', 'a-stack-of-23-charactrs', 'dev'],
    ['logGroup', LONG, 'dev'],
    ['repository', 'quilt', SHARED],
  ])('a %s of %s in the environment %s is known by its name, cut or whole', (kind, stack, environment) => {
    const name = nameOf(kind, stack, environment);
    expect([name, isNameOf(kind, stack, name)]).toEqual([name, true]);
    expect(isNameOf(kind, 'another', name)).toBe(false);
  });

  it.each<[Named, string, string]>([
    ['targetGroup', 'quilt', 'quilt-mcp-other'],
    ['targetGroup', 'quilt', 'my-quilt-mcp-server-dev'],
    ['targetGroup', 'quilt', 'quilt-01234567'],
    ['targetGroup', LONG, 'a-deployment-of-a-longer-one'],
    ['logGroup', 'quilt', 'quilt-mcp-server-dev'],
  ])('no %s of %s is called %s', (kind, stack, name) => {
    expect(isNameOf(kind, stack, name)).toBe(false);
  });
});
