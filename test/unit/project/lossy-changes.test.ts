import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type Answers, TARGETS } from '../../../src/config/repository';
import { QuiltMcpDeployProject } from '../../../src/project/project';
import { exampleWith } from '../../support/answers';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lossy-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

type Values = Parameters<typeof exampleWith>[0];

/** Warnings of a sync with these answers that name the environment dev. */
function syncWith(values: Values, target: (typeof TARGETS)[number]): string[] {
  const answers = exampleWith(values, target) as Answers;
  const project = new QuiltMcpDeployProject({ answers, repositoryRoot: directory, generator: '0.0.0' });
  return (project.bringUpToDate().warnings ?? []).filter((line) => line.startsWith('dev: '));
}

const ANOTHER_VPC: Values = { 'dev.network.vpcId': 'vpc-0123456789abcdef0' };

describe.each(TARGETS)('a sync of a repository for %s', (target) => {
  it('says that a deployment stops at another VPC, and names the answer that lets it go on', () => {
    expect(syncWith({}, target)).toEqual([]);
    const [warning, ...others] = syncWith(ANOTHER_VPC, target).filter((line) => line.includes('the target group'));
    expect(others).toEqual([]);
    expect(warning).toMatch(/is replaced by another: .*deployment stops.*network\.nameSuffix/);
  });

  it('says nothing of loss if nothing that serves or holds data is replaced, nor a second time', () => {
    syncWith({}, target);
    expect(syncWith({ 'dev.capacity.desired': 3 }, target)).toEqual([]);
    syncWith(ANOTHER_VPC, target);
    expect(syncWith(ANOTHER_VPC, target)).toEqual([]);
  });
});

it('a sync says that a deployment would lose images and logs', () => {
  syncWith({ 'dev.retainData': false }, 'terraform');
  const warnings = syncWith({ 'dev.retainData': false, name: 'other' }, 'terraform');
  for (const held of ['images', 'logs']) {
    expect(warnings).toContainEqual(
      expect.stringMatching(`is replaced by another: it holds ${held}, and it is deleted`),
    );
  }
});
