import { join } from 'node:path';
import Handlebars from 'handlebars';
import { parse as parseJsonc } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';

import { generateFiles } from '../../../generators';
import { loadTemplates } from '../../../generators/templates';
import { exampleAnswers } from '../../../src/config/example';
import { type Answers, TARGETS } from '../../../src/config/repository';
import { conventionsOf, type Deployable, findConventions } from '../../../src/conventions';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { ownPackage } from '../../../src/project/package-root';
import { withLaterPins } from '../../../src/project/pins';
import { NEWEST_VERSION } from '../../support/newest';

const templates = loadTemplates(join(ownPackage().root, 'templates'));
const DIGEST = `sha256:${'a'.repeat(64)}`;
const COMMIT = 'b'.repeat(40);

interface Rule {
  readonly matchPackageNames?: readonly string[];
  readonly enabled?: boolean;
  readonly allowedVersions?: string;
}
interface Renovate {
  readonly enabledManagers: readonly string[];
  readonly packageRules: readonly Rule[];
  readonly customManagers?: readonly { readonly matchStrings: string[]; readonly autoReplaceStringTemplate?: string }[];
}

function emitted(change: Partial<Answers['image']>, more: Partial<Answers> = {}, id?: string) {
  const example = exampleAnswers(id ? (findConventions(id) as Deployable) : undefined, more.target);
  const answers = { ...example, ...more, image: { ...example.image, ...change } };
  const config = readConfig(answers, 'x');
  const files = generateFiles(resolveDeployment(config), templates);
  const text = (path: string) => files.find((file) => file.path === path)!.content;
  const renovate: Renovate = parseJsonc(text('renovate.json5'), [], { allowTrailingComma: true });
  const rule = (name: string) => renovate.packageRules.find((one) => one.matchPackageNames?.includes(name));
  return { config, files, renovate, rule, manager: renovate.customManagers?.[0] };
}

/** What Renovate finds in a file, once. */
function found(pattern: string, text: string) {
  const all = [...text.matchAll(new RegExp(pattern, 'g'))];
  expect(all).toHaveLength(1);
  return { whole: all[0]![0], ...all[0]!.groups } as Record<string, string>;
}

describe('the configuration of Renovate', () => {
  it.each([
    ['shim', DIGEST],
    ['shim', null],
    ['mirror', DIGEST],
    [undefined, DIGEST],
  ] as const)('Renovate moves the version of mode %s, and asks for its digest', (mode, digest) => {
    const { config, manager, rule } = emitted({ mode, digest });
    const text = JSON.stringify(config, undefined, 2);
    const { whole, currentValue, indentation } = found(manager!.matchStrings[0]!, text);
    expect(currentValue).toBe(NEWEST_VERSION);
    const replace = Handlebars.compile(manager!.autoReplaceStringTemplate, { noEscape: true });
    const replaced = JSON.parse(text.replace(whole!, replace({ newValue: '0.99.1', indentation })));
    const image = { ...config.image, mode: mode ?? 'shim', version: '0.99.1', digest: null };
    expect(replaced).toEqual({ ...config, image });
    expect(() => readConfig(replaced, 'x')).not.toThrow();
    expect(rule('quiltdata/quilt-mcp-server')!.allowedVersions).toBe(`>=${NEWEST_VERSION}`);
  });

  it('Renovate moves the version of mode build with its commit', () => {
    const { config, manager } = emitted({ mode: 'build', commit: COMMIT });
    const text = JSON.stringify(config, undefined, 2);
    expect(found(manager!.matchStrings[0]!, text)).toMatchObject({
      currentValue: NEWEST_VERSION,
      currentDigest: COMMIT,
    });
    expect(manager).not.toHaveProperty('autoReplaceStringTemplate');
  });

  it('Renovate stays within the versions of the conventions, and leaves images alone that have none', () => {
    const { rule } = emitted({}, {}, 'g2c');
    const { allowedVersions } = rule('quiltdata/quilt-mcp-server')!;
    expect(allowedVersions).toBe('>=0.14.0 <0.15.0');
    expect(conventionsOf('0.14.9')!.id).toBe('g2c');
    const tagged = emitted({}, {}, 'g1a');
    expect(tagged.manager).toBeUndefined();
    expect(tagged.renovate.enabledManagers).toEqual(['github-actions', 'npm']);
  });

  it('Renovate leaves the generator to the workflow upgrade if that may propose it', () => {
    const repository = { name: 'a/b', ownerId: null, repositoryId: null };
    const app = { idVariable: 'APP', keySecret: 'KEY' };
    expect(emitted({}, { repository }).rule('create-quilt-mcp-deploy')).not.toHaveProperty('enabled');
    expect(emitted({}, { repository: { ...repository, app } }).rule('create-quilt-mcp-deploy')!.enabled).toBe(false);
  });

  it.each(TARGETS)('Renovate leaves what the generator sets, and pins that a sync understands: %s', (target) => {
    const { files, rule } = emitted({}, { target });
    for (const name of ['constructs', 'projen', 'node', ...(target === 'cdk' ? ['aws-cdk-lib', 'aws-cdk'] : [])]) {
      expect(rule(name)?.enabled, name).toBe(false);
    }
    const workflows = files.filter(({ path }) => path.startsWith('.github/workflows/'));
    for (const { content } of workflows) {
      const later = content.replace(/@[0-9a-f]{40} # v[\d.]+$/gm, `@${COMMIT} # v99.0.0`);
      expect(withLaterPins(content, later)).toBe(later);
      expect(later.match(/uses: /g)?.length).toBe(later.match(/# v99\.0\.0$/gm)?.length);
    }
  });
});
