import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DIGEST } from '../../config/digest';
import { Failed } from '../failed';
import { readJson } from '../session';
import type { StackPlace } from '../stack';
import { fittingTemplate, leastTemplateBytes, TEMPLATE_BODY, withNames } from './template';

/** Folder of a repository's templates and the data of its stacks. */
const FOLDER = 'deploy/cloudformation';

/** A stack of a repository. Paths are from `deploy/cloudformation`. */
export interface DeployedStack extends StackPlace {
  readonly account: string;
  readonly template: string;
  readonly parameters: string;
  /** File with the digest of its image; absent if it has no image. */
  readonly image?: string;
}

/** The stacks of a repository, by their names; undefined if it does not deploy with CloudFormation. */
export function readStacks(root: string): Readonly<Record<string, DeployedStack>> | undefined {
  if (!existsSync(join(root, FOLDER, 'stacks.json'))) return undefined;
  const stacks = readBelow<Record<string, Omit<DeployedStack, 'name'>>>(root, 'stacks.json');
  return Object.fromEntries(Object.entries(stacks).map(([name, stack]) => [name, { name, ...stack }]));
}

/**
 * A stack by its name.
 *
 * @throws Failed if the repository has none of it
 */
export function findStack(root: string, name: string): DeployedStack {
  const stack = readStacks(root)?.[name];
  if (!stack) throw new Failed(`${name} is no stack of ${FOLDER}/stacks.json: run npx projen.`);
  return stack;
}

/** Input of a deployment for CloudFormation. */
export interface StackInput {
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** @throws Failed if no image is published for the stack, or its template is too long for a request */
export function readStackInput(root: string, stack: DeployedStack): StackInput {
  const { Parameters, Tags } = readBelow<ParametersFile>(root, stack.parameters);
  const parameters = { ...Parameters, ...ownParameters(root, stack), ...digestOf(root, stack) };
  const text = readFileSync(join(root, FOLDER, stack.template), 'utf8');
  return { parameters, tags: Tags, template: fitting(withNames(text, parameters)) };
}

/** As CodePipeline calls it, a template configuration file. */
interface ParametersFile {
  readonly Parameters: Readonly<Record<string, string>>;
  readonly Tags: Readonly<Record<string, string>>;
}

/** The owner's parameters beside the answers, in a file that nothing generates. */
function ownParameters(root: string, { parameters }: DeployedStack): Readonly<Record<string, string>> {
  const own = parameters.replace(/\.json$/, '.local.json');
  return existsSync(join(root, FOLDER, own)) ? readBelow<ParametersFile>(root, own).Parameters : {};
}

/** The digest that publishing wrote, as the parameter that has no default. */
function digestOf(root: string, { name, image }: DeployedStack): Readonly<Record<string, string>> {
  if (!image) return {};
  const { digest } = readBelow<{ digest: string | null }>(root, image);
  if (!DIGEST.test(digest ?? '')) {
    const file = image.replace(/^(\.\.\/)+/, '');
    throw new Failed(
      `No image is published for ${name} yet. Publish one and write its digest to ${file}, as {"digest": "sha256:…"}; then plan again.`,
    );
  }
  return { ImageDigest: digest! };
}

/** The template as a request takes it. */
function fitting(template: string): string {
  const size = leastTemplateBytes(template);
  if (size > TEMPLATE_BODY) {
    throw new Failed(
      `The template has ${size} bytes, and CloudFormation takes ${TEMPLATE_BODY} in a request. Move your additions to it into a stack of their own, or deploy with the AWS CLI and --s3-bucket: docs/deployment.md, Without the tasks.`,
    );
  }
  return fittingTemplate(template);
}

function readBelow<T>(root: string, path: string): T {
  return readJson({ root }, join(FOLDER, path));
}
