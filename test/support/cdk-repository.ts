import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { cdk } from '../../generators/cdk';
import { digestFile } from '../../generators/digest';
import type { GeneratedFile } from '../../generators/file';
import { repositoryFiles } from '../../generators/repository';
import { loadTemplates } from '../../generators/templates';
import type { Answers } from '../../src/config/repository';
import type { Deployment } from '../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { ownPackage } from '../../src/project/package-root';
import { parseTemplate, type Template } from '../../src/rehearsal/cloudformation/template';
import { linkEveryPackage } from './installed';

const { root: ROOT } = ownPackage();

interface Run {
  readonly exitCode: number;
  readonly output: string;
}

/** A repository with the CDK app, and without its documents. */
export class CdkRepository {
  readonly deployment: Deployment;
  readonly files: readonly GeneratedFile[];
  private readonly directory = mkdtempSync(join(tmpdir(), 'cdk-'));

  constructor(answers: Answers) {
    this.deployment = resolveDeployment(readConfig(answers, 'test'));
    const templates = loadTemplates(join(ROOT, 'templates'));
    this.files = [
      ...repositoryFiles(this.deployment, templates),
      ...cdk.files(this.deployment, templates, () => undefined),
    ];
    for (const { path, content } of this.files) {
      this.write(path, content);
    }
    this.write('mcp-deploy.json', JSON.stringify(answers));
    this.write('package.json', '{ "private": true }');
    linkEveryPackage(this.directory);
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.directory, path)), { recursive: true });
    writeFileSync(join(this.directory, path), content);
  }

  /** Writes what publishing writes: the digest of an image. */
  setDigest(environment: string, digest: string): void {
    this.write(digestFile(environment), JSON.stringify({ digest }));
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  /** Absolute path of a file. */
  path(path: string): string {
    return join(this.directory, path);
  }

  /** Runs a program of Node.js in a folder of the repository, without credentials. */
  run(folder: string, ...args: string[]): Promise<Run> {
    const env = {
      PATH: process.env.PATH,
      HOME: this.directory,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: join(this.directory, 'none'),
      AWS_SHARED_CREDENTIALS_FILE: join(this.directory, 'none'),
    };
    return new Promise((done) => {
      execFile(process.execPath, args, { cwd: join(this.directory, folder), env }, (error, stdout, stderr) => {
        done({ exitCode: error ? Number(error.code ?? 1) : 0, output: stripVTControlCharacters(`${stdout}${stderr}`) });
      });
    });
  }

  /** A command of the CDK, as a task gives it. */
  cdk(...args: string[]): Promise<Run> {
    return this.run('deploy/cdk', join(ROOT, 'node_modules/aws-cdk/bin/cdk'), ...args);
  }

  /** The template of a stack, as `cdk synth` wrote it last. */
  template(stack: string): Template {
    return parseTemplate(this.read(`deploy/cdk/cdk.out/${stack}.template.json`));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
