import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { editJson } from '../../../src/config/edit';
import { exampleAnswers } from '../../../src/config/example';
import { type PlainObject, valueAt } from '../../../src/config/paths';
import type { Answers } from '../../../src/config/repository';
import {
  CATALOGUE,
  type Deployable,
  findDeployable,
  isDeployable,
  LATEST,
  stepsBetween,
} from '../../../src/conventions';
import { checkAnswers } from '../../../src/model/checks';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import type { Resource } from '../../../src/resources/resource';
import { resourcesOf } from '../../../src/resources/resources';
import { upgradeAnswers } from '../../../src/upgrade/answers';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const COMMIT = '0123456789abcdef0123456789abcdef01234567';

const conventions = (id: string) => findDeployable(id)!;

/** The answers after an upgrade, as their file would have them. */
function upgraded(answers: object, to: Deployable): PlainObject {
  const from = String((answers as PlainObject).conventions);
  const { edits } = upgradeAnswers(answers as PlainObject, to, stepsBetween(from, to.id));
  return JSON.parse(editJson(JSON.stringify(answers), edits)) as PlainObject;
}

describe('the answers of an upgrade', () => {
  const deployable = CATALOGUE.filter(isDeployable);
  const pairs = deployable.flatMap((from, index) => deployable.slice(index).map((to) => [from.id, to.id] as const));

  it.each(pairs)('upgrading the example from %s to %s needs nothing of its owner alone, but a secret', (from, to) => {
    const answers = upgraded(readConfig(exampleAnswers(conventions(from)), 'the example'), conventions(to));
    const problems = checkAnswers(answers).filter(({ path }) => !/\.(auth\.secretArn|environment|secrets)/.test(path));
    const size = problems.filter(({ path }) => !/capacity|image\.(registry|repository)/.test(path));
    expect(size).toEqual([]);
    expect(answers.conventions).toBe(to);
  });

  it('the answers of an upgrade keep an image version that the new conventions are for, and take their own if they are not', () => {
    const answers = { ...exampleAnswers(conventions('g3b')), conventions: 'g3b' };
    expect(valueAt(upgraded(answers, conventions(LATEST.id)), ['image', 'version'])).toBe(LATEST.image.defaultVersion);
    const kept = { ...answers, image: { ...answers.image, version: '0.19.0' } };
    expect(valueAt(upgraded(kept, conventions('g3b')), ['image', 'version'])).toBe('0.19.0');
  });

  it('the answers of an upgrade let go of what pins an image of another version, and keep what pins one that stays', () => {
    const { image, ...answers } = exampleAnswers(conventions('g3b'));
    const pinned = (pins: object) => ({ ...answers, image: { ...image, ...pins } });
    const imageAfter = (pins: object, to = LATEST.id) => upgraded(pinned(pins), conventions(to)).image;
    const mode = 'build';
    expect(imageAfter({ digest: DIGEST })).toMatchObject({ version: LATEST.image.defaultVersion, digest: null });
    expect(imageAfter({ mode, commit: COMMIT })).toMatchObject({
      version: LATEST.image.defaultVersion,
      mode,
      commit: null,
    });
    expect(imageAfter({})).toEqual({ ...image, version: LATEST.image.defaultVersion });
    expect(imageAfter({ digest: DIGEST }, 'g3b')).toEqual({ ...image, digest: DIGEST });
    // Its owner went ahead: both are of the new version.
    expect(imageAfter({ version: LATEST.image.defaultVersion, digest: DIGEST })).toMatchObject({ digest: DIGEST });
    expect(imageAfter({ version: LATEST.image.defaultVersion, mode, commit: COMMIT })).toMatchObject({
      commit: COMMIT,
    });
    expect(checkAnswers(upgraded(pinned({ mode, commit: COMMIT }), conventions(LATEST.id)))).toEqual([]);
  });

  it('the answers of an upgrade keep the mode of an image, but for a shim that the new conventions do not have', () => {
    const answers = exampleAnswers(conventions('g3b'));
    const shimmed = { ...answers, image: { ...answers.image, mode: 'shim', digest: DIGEST } };
    expect(valueAt(upgraded(shimmed, conventions(LATEST.id)), ['image', 'mode'])).toBe('shim');
    const { shim: _shim, ...image } = conventions(LATEST.id).image;
    const bare = { ...conventions(LATEST.id), image };
    expect(upgraded(shimmed, bare).image).not.toHaveProperty('mode');
    expect(upgradeAnswers(shimmed as unknown as PlainObject, bare, []).lines).toContain(
      `image.mode shim → nothing: conventions ${LATEST.id} have no shim`,
    );
    const built = { ...answers, image: { ...answers.image, mode: 'build', commit: COMMIT } };
    expect(valueAt(upgraded(built, bare), ['image', 'mode'])).toBe('build');
  });

  it('the answers of an upgrade say of an image without a mode what the new conventions make of it', () => {
    const answers = exampleAnswers(conventions('g1b'));
    const linesOf = (image: object, to: string) =>
      upgradeAnswers({ ...answers, image } as unknown as PlainObject, conventions(to), stepsBetween('g1b', to)).lines;
    const line = 'image.mode is not set, and comes to shim in place of mirror: the default of conventions g2a';
    expect(linesOf(answers.image, 'g2a')).toContain(line);
    expect(linesOf({ ...answers.image, mode: 'mirror' }, 'g2a').join()).not.toContain('image.mode');
    expect(linesOf(answers.image, 'g1b')).toEqual([]);
  });

  it("the answers of an upgrade rename an owner's own variables as the steps say, and drop what is now a mistake to set", () => {
    const example = exampleAnswers(conventions('g1a')) as Answers;
    const answers = structuredClone({ ...example, conventions: 'g1a' }) as PlainObject & Answers;
    const dev = answers.environments.dev!;
    dev.environment = { ...dev.environment, FASTMCP_ADDR: '0.0.0.0', MY_OWN: 'kept' };
    const after = upgraded(answers, conventions('g1b')) as unknown as Answers;
    expect(after.environments.dev!.environment).toMatchObject({ MY_OWN: 'kept' });
    expect(after.environments.dev!.environment).not.toHaveProperty('FASTMCP_ADDR');
  });
});

describe('the names of what an upgrade makes anew', () => {
  it('the names of what an upgrade makes anew get a suffix if the port of the server changes, and stay otherwise', () => {
    const answers = exampleAnswers(LATEST);
    const suffixes = (to: Deployable) =>
      Object.keys(answers.environments).map((name) =>
        valueAt(upgraded({ ...answers, conventions: LATEST.id }, to), ['environments', name, 'network', 'nameSuffix']),
      );
    expect(suffixes(LATEST)).toEqual([undefined, undefined, undefined]);
    const elsewhere = { ...LATEST, endpoint: { ...LATEST.endpoint, port: 9000 } };
    expect(suffixes(elsewhere)).toEqual(['p9000', 'p9000', 'p9000']);
  });
});

describe('the boundary of roles of workflows, in an upgrade', () => {
  const [own, other] = ['tasks', 'delivery'].map((name) => `arn:aws:iam::111122223333:policy/${name}`);
  const answersWith = (dev: object) => {
    const answers = exampleAnswers();
    answers.repository = { name: 'example/deploy', ownerId: 1, repositoryId: 2 };
    answers.oidcProviders = { '111122223333': { create: true } };
    Object.assign(answers.environments.dev!, dev);
    return answers;
  };
  /** As a version recorded them that gave the roles one inline policy, and the boundary of the roles of the tasks. */
  const recorded = (answers: object, boundary: string | undefined): Resource[] =>
    resourcesOf(resolveDeployment(readConfig(answers, 'the example')))
      .filter(({ type }) => type !== 'policy')
      .map((resource) => {
        const { managedPolicies: _policies, ...properties } = resource.properties;
        const former = { ...properties, policyName: resource.id, policy: [], ...(boundary ? { boundary } : {}) };
        return resource.id === 'deployRole' ? { ...resource, properties: former } : resource;
      });
  const linesOf = (answers: object, before?: readonly Resource[]) =>
    upgradeAnswers(answers as PlainObject, LATEST, [], before).lines.filter((line) => line.includes('BoundaryArn'));

  it('the boundary of roles of workflows stays what the answer for the tasks has made it', () => {
    const answers = answersWith({ permissionsBoundaryArn: own });
    expect(linesOf(answers, recorded(answers, own))).toEqual([
      `environments.dev.deliveryBoundaryArn nothing → ${own}: as before, the roles of workflows have the boundary of the roles of the tasks`,
    ]);
    const { edits } = upgradeAnswers(answers as unknown as PlainObject, LATEST, [], recorded(answers, own));
    const after = JSON.parse(editJson(JSON.stringify(answers), edits)) as Answers;
    const [dev] = resolveDeployment(readConfig(after, 'the answers')).environments;
    expect(dev!.registry!.delivery!.roles.map((role) => role.permissionsBoundaryArn)).toEqual([own, own, own]);
    expect(linesOf(after, recorded(answers, own))).toEqual([]);
  });

  it('the boundary of roles of workflows is not written if they had none, or have their own answer', () => {
    const answers = answersWith({ permissionsBoundaryArn: own });
    expect(linesOf(answers)).toEqual([]);
    expect(linesOf(answers, recorded(answers, undefined))).toEqual([]);
    const both = answersWith({ permissionsBoundaryArn: own, deliveryBoundaryArn: other });
    expect(linesOf(both, recorded(both, own))).toEqual([]);
    // A repository of this version, whose owner takes the answer away.
    expect(linesOf(answers, resourcesOf(resolveDeployment(readConfig(both, 'the example'))))).toEqual([]);
    const { oidcProviders: _providers, ...alone } = answers;
    expect(linesOf(alone, resourcesOf(resolveDeployment(readConfig(alone, 'the example'))))).toEqual([]);
  });
});

describe('an edit of JSON', () => {
  it('an edit of JSON changes what it names, and leaves every other line as it was', () => {
    const text = '{\n    "b": [1,2],\n    "a": {"x":   1},\n    "c": 3\n}';
    expect(editJson(text, [{ path: ['c'], value: 4 }])).toBe(text.replace('3', '4'));
    const without = editJson(text, [{ path: ['c'], value: undefined }]);
    expect(without.split('\n').slice(0, 2)).toEqual(text.split('\n').slice(0, 2));
    expect(JSON.parse(without)).toEqual({ b: [1, 2], a: { x: 1 } });
  });

  it('an edit of JSON means what it says, whatever the text is like', () => {
    const keys = fc.constantFrom('a', 'b', '__proto__', 'c d');
    fc.assert(
      fc.property(
        fc.dictionary(keys, fc.jsonValue()),
        keys,
        fc.jsonValue(),
        fc.constantFrom(0, 2, '\t'),
        (value, key, inner, indent) => {
          const text = JSON.stringify(value, undefined, indent);
          const after = JSON.parse(editJson(text, [{ path: [key], value: inner }])) as object;
          const expected = JSON.parse(text) as object;
          Object.defineProperty(expected, key, { value: inner, enumerable: true, configurable: true, writable: true });
          expect(after).toEqual(JSON.parse(JSON.stringify(expected)));
        },
      ),
    );
  });
});
