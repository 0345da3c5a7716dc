import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';

import { artifactFile, artifactText } from '../../../../src/operations/github/artifact';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'artifact-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

describe('what another job handed on', () => {
  it('what another job handed on is read, or is not there', () => {
    writeFileSync(join(folder, 'a.txt'), 'a\n');
    expect(artifactText(folder, 'a.txt')).toBe('a\n');
    expect(artifactFile(folder, 'a.txt')).toBe(join(folder, 'a.txt'));
    expect(artifactText(folder, 'b.txt')).toBeUndefined();
    expect(artifactText(join(folder, 'none'), 'b.txt')).toBeUndefined();
  });

  it('what another job handed on is refused if it is a link, which would lead to a file of this machine', () => {
    writeFileSync(join(folder, 'secret'), 'secret\n');
    symlinkSync(join(folder, 'secret'), join(folder, 'a.txt'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'b.txt'));
    mkdirSync(join(folder, 'c.txt'));
    for (const name of ['a.txt', 'b.txt', 'c.txt']) {
      expect(() => artifactText(folder, name)).toThrow(`Refused: ${join(folder, name)} must be a file.`);
      expect(() => artifactFile(folder, name)).toThrow('Refused');
    }
  });
});
