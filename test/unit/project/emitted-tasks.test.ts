import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { generateTasks } from '../../../generators';
import { exampleAnswers } from '../../../src/config/example';
import { TARGETS } from '../../../src/config/repository';
import { QuiltMcpDeployProject } from '../../../src/project/project';
import { type EmittedRepository, emitRepository } from '../../support/repository';

const DIGEST = `sha256:${'1'.repeat(64)}`;

/** Words that a shell reads as something else, and what patterns of a replacement mean to JavaScript. */
const HOSTILE = [
  'a; touch made',
  '$(touch made)',
  '`touch made`',
  'a && touch made | cat > made',
  '\'; touch made; \'"; touch made; "',
  "$'; touch made; '",
  "$&$`$$$'",
  '$@',
  '"$@"',
  '$HOME ~ * \\',
  '#',
  '',
];

describe('a task of an emitted repository', () => {
  let repository: EmittedRepository;
  const bin = () => join(repository.directory, 'node_modules', '.bin');
  const script = (name: string, text: string) =>
    writeFileSync(join(bin(), name), `#!${process.execPath}\n${text}\n`, { mode: 0o755 });

  beforeAll(() => {
    repository = emitRepository(exampleAnswers());
    script('projen', `require(${JSON.stringify(require.resolve('projen/bin/projen'))})`);
    // In the place of the programs that tasks call.
    for (const name of ['create-quilt-mcp-deploy', 'terraform'])
      script(name, `require('node:fs').writeFileSync('${name}.json', JSON.stringify(process.argv.slice(2)))`);
  });
  afterAll(() => repository.remove());

  /** Runs a task by npm, as a person does whose shell has read the words; returns the words that a program gets. */
  const wordsOf = (program: string, task: string, words: readonly string[]) => {
    const { status, stderr } = spawnSync('npm', ['run', task, '--', ...words], {
      cwd: repository.directory,
      env: { ...process.env, PATH: [bin(), process.env.PATH].join(delimiter) },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    return JSON.parse(readFileSync(join(repository.directory, `${program}.json`), 'utf8'));
  };

  it.each([
    ['create-quilt-mcp-deploy', 'set-image:dev', ['set-image', 'dev']],
    ['create-quilt-mcp-deploy', 'publish-image', ['publish-image']],
    ['create-quilt-mcp-deploy', 'deploy:dev', ['deploy', 'dev']],
    ['terraform', 'registry:dev', ['-chdir=deploy/terraform/environments/dev/registry', 'apply']],
  ])('gives %s the words of %s as they were typed, and runs none of them', (program, task, own) => {
    const before = readdirSync(repository.directory);
    expect(wordsOf(program, task, [DIGEST, '--unsigned', ...HOSTILE])).toEqual([
      ...own,
      ...[DIGEST, '--unsigned', ...HOSTILE],
    ]);
    expect(existsSync(join(repository.directory, 'made'))).toBe(false);
    expect(readdirSync(repository.directory).filter((name) => !before.includes(name))).toEqual(
      before.includes(`${program}.json`) ? [] : [`${program}.json`],
    );
  });

  it.each(TARGETS)('has only plain words of its own before those that it is given, with %s', (target) => {
    const { state, ...answers } = exampleAnswers();
    const { deployment } = new QuiltMcpDeployProject({
      answers: { ...answers, target, ...(target === 'terraform' && { state }) },
      generator: '1.2.3',
    });
    const given = generateTasks(deployment).flatMap(({ steps }) => steps.filter(({ receiveArgs }) => receiveArgs));
    expect(given.length).toBeGreaterThan(10);
    for (const { exec } of given) expect(exec).toMatch(/^[\w./=-]+( [\w./=-]+)*$/);
  });
});
