import { describe, expect, it } from 'vitest';

import type { GeneratedFile, Ownership } from '../../../generators/file';
import { withHeader, withoutHeader } from '../../../generators/header';

const file = (path: string, ownership: Ownership, content: string): GeneratedFile => ({ path, ownership, content });

describe('what a file says of itself', () => {
  it.each([
    ['deploy/main.tf', 'merged', 'a = 1\n'],
    ['.github/workflows/a.yml', 'managed', 'name: a\n'],
    ['run.sh', 'managed', '#!/usr/bin/env bash\nset -e\n'],
    ['docker/Dockerfile', 'merged', '# syntax=docker/dockerfile:1\nFROM a\n'],
    ['bin/app.ts', 'merged', 'const a = 1;\n'],
    ['docs/a.md', 'merged', '# A\n'],
  ] as const)('the header of %s says what generates it, and can be taken out', (path, ownership, content) => {
    const { content: said } = withHeader(file(path, ownership, content));
    expect(said).toMatch(/(Managed|Generated) by create-quilt-mcp-deploy/);
    expect(withoutHeader(path, said)).toBe(content);
    expect(withoutHeader(path, said.replaceAll('\n', '\r\n'))).toBe(content.replaceAll('\n', '\r\n'));
    expect(withoutHeader(path, content)).toBe(content);
  });

  it('a file has no header in a format without comments, and what its owner says in a comment is not taken for one', () => {
    expect(withHeader(file('a.json', 'managed', '{}\n')).content).toBe('{}\n');
    expect(withoutHeader('a.json', '{}\n')).toBe('{}\n');
    const ours = '# Managed by us, and create-quilt-mcp-deploy\n';
    expect(withoutHeader('a.yml', ours)).toBe(ours);
  });
});
