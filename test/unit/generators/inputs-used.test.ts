import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';

import { generateFiles } from '../../../generators';
import { loadTemplates } from '../../../generators/templates';
import { exampleAnswers } from '../../../src/config/example';
import type { Answers } from '../../../src/config/repository';
import { CATALOGUE, isDeployable } from '../../../src/conventions';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { ownPackage } from '../../../src/project/package-root';
import { DELIVERING } from '../../support/cloudformation-files';

const templates = loadTemplates(`${ownPackage().root}/templates`);
const GENERATIONS = CATALOGUE.filter(isDeployable);

type Files = readonly { readonly path: string; readonly content: string }[];

function filesOf(target: Answers['target'], generation: (typeof GENERATIONS)[number]): Files {
  const answers = { ...exampleAnswers(generation, target), ...DELIVERING };
  return generateFiles(resolveDeployment(readConfig(answers, 'the case')), templates);
}

/** Variables of the modules of Terraform that nothing else in their module reads. */
function unusedVariables(files: Files): string[] {
  const isOf = (folder: string) => (path: string) =>
    path.startsWith(folder) && !path.slice(folder.length).includes('/');
  return files
    .filter(({ path }) => /\/modules\/\w+\/variables\.tf$/.test(path))
    .flatMap(({ path, content }) => {
      const isOfModule = isOf(path.replace('variables.tf', ''));
      const others = files.filter((file) => file.path !== path && file.path.endsWith('.tf') && isOfModule(file.path));
      const text = others.map((file) => file.content).join('\n');
      return namesIn(content, /^variable "(\w+)"/gm)
        .filter((name) => !new RegExp(`\\bvar\\.${name}\\b`).test(text))
        .map((name) => `${path}: no file beside it reads var.${name}`);
    });
}

/** Parameters of the templates of CloudFormation that no resource, condition, rule or output refers to. */
function unusedParameters(files: Files): string[] {
  return files
    .filter(({ path }) => /^deploy\/cloudformation\/\w+\.yaml$/.test(path))
    .flatMap(({ path, content }) => {
      const document = parseDocument(content, { logLevel: 'silent' });
      const names = Object.keys(document.toJS().Parameters);
      for (const section of ['Parameters', 'Metadata']) document.delete(section);
      const rest = String(document);
      return names
        .filter((name) => !new RegExp(`!Ref ${name}\\b|\\$\\{${name}\\}`).test(rest))
        .map((name) => `${path}: nothing there refers to ${name}`);
    });
}

/** Properties of the CDK's constructs that no file of the app reads, but to check them. */
function unusedProperties(files: Files): string[] {
  const lib = files.filter(({ path }) => /^deploy\/cdk\/lib\/.*\.ts$/.test(path));
  const declarations = /^export interface \w+Props \{\n([\s\S]*?)^\}/gm;
  const text = lib
    .filter(({ path }) => !path.endsWith('/problems.ts'))
    .map(({ content }) => content.replace(declarations, '').replace(/\/\*\*[\s\S]*?\*\/|\/\/.*/g, ''))
    .join('\n');
  return lib
    .flatMap(({ path, content }) => [...content.matchAll(declarations)].map(([, body]) => ({ path, body: body! })))
    .flatMap(({ path, body }) => namesIn(body, /^ {2}readonly (\w+)\??:/gm).map((name) => ({ path, name })))
    .filter(({ name }) => !new RegExp(`\\.${name}\\b|[{,]\\s*${name}\\s*[,}=]`).test(text))
    .map(({ path, name }) => `${path}: no file of deploy/cdk/lib reads ${name}`);
}

function namesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name]) => name!);
}

describe.each(GENERATIONS.map((generation) => [generation.id, generation] as const))(
  'what an input declares is used: %s',
  (_, generation) => {
    it('each variable of a module of Terraform is', () => {
      expect(unusedVariables(filesOf('terraform', generation))).toEqual([]);
    });

    it('each parameter of a template of CloudFormation is', () => {
      expect(unusedParameters(filesOf('cloudformation', generation))).toEqual([]);
    });

    it("each property of the CDK's constructs is", () => {
      expect(unusedProperties(filesOf('cdk', generation))).toEqual([]);
    });
  },
);

it('an input that only its declaration has would be found', () => {
  const [generation] = GENERATIONS;
  const planted = (target: Answers['target'], file: RegExp, place: RegExp, line: string) =>
    filesOf(target, generation!).map(({ path, content }) => ({
      path,
      content: file.test(path) ? content.replace(place, (found) => `${found}${line}`) : content,
    }));
  const module = /modules\/mcp_server\/variables\.tf$/;
  expect(unusedVariables(planted('terraform', module, /^/, 'variable "idle" {}\n'))).toEqual([
    expect.stringMatching(/mcp_server\/variables\.tf: .* var\.idle$/),
  ]);
  const template = /cloudformation\/mcp_server\.yaml$/;
  expect(
    unusedParameters(planted('cloudformation', template, /^Parameters:\n/m, '  Idle: { Type: String }\n')),
  ).toEqual([expect.stringMatching(/mcp_server\.yaml: .* Idle$/)]);
  const construct = /cdk\/lib\/server-props\.ts$/;
  const opening = /^export interface \w+Props \{\n/m;
  expect(unusedProperties(planted('cdk', construct, opening, '  readonly idle?: string;\n'))).toEqual([
    expect.stringMatching(/server-props\.ts: .* idle$/),
  ]);
  // The key of a resource's property of the same name is no use.
  const fixed = '  readonly availabilityZoneRebalancing?: string;\n';
  expect(unusedProperties(planted('cdk', construct, opening, fixed))).toEqual([
    expect.stringMatching(/ availabilityZoneRebalancing$/),
  ]);
});
