import { describe, expect, it } from 'vitest';

import { type Answers, TARGETS } from '../../src/config/repository';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import type { Resource } from '../../src/resources/resource';
import { resourcesOf } from '../../src/resources/resources';
import { RESOURCE_TYPES } from '../../src/resources/types';
import { graphOfStack } from './from-template';
import { differences, type GraphNode, seenProperties, type Tree, withoutEngine } from './graph';
import { matrix, shiftingCases } from './matrix';
import { RESOURCES } from './properties';
import { cloudformationFiles, cloudformationStack, DIGEST, type Layer, layersOf } from './sources';

interface Omission {
  readonly what: string;
  readonly why: string;
  /** Whose it is, in which the other lacks it. */
  readonly of: 'model' | 'emitted';
  readonly without: (properties: Tree) => Tree;
}

/** What only one of the two has, and why; it is taken away before they are compared. */
const OMITTED: readonly Omission[] = [
  {
    what: 'the digest of an image',
    why: 'no answer decides it: publishing writes it to deploy/images',
    of: 'emitted',
    without: ({ image, ...others }) =>
      image === undefined ? others : { ...others, image: String(image).replace(`@${DIGEST}`, '') },
  },
  {
    what: 'the tag ManagedBy',
    why: 'it names the target; the emitted graphs of two targets are compared without it',
    of: 'model',
    without: ({ tags, ...others }) => {
      if (tags === undefined) return others;
      const { ManagedBy: _target, ...rest } = tags as Tree;
      return { ...others, tags: rest };
    },
  },
];

const CASES: readonly { readonly name: string; readonly answers: Answers }[] = [
  ...matrix('111122223333'),
  ...shiftingCases().map((answers, index) => ({ name: `strategies that move traffic, part ${index + 1}`, answers })),
];

describe.each(CASES)('the graph of the model, of $name', ({ answers }) => {
  const files = cloudformationFiles(answers);
  const resources = resourcesOf(resolve(answers, 'cloudformation'));

  it.each(layersOf(resolve(answers)))('the model is what CloudFormation resolves: $environment, $layer', (layer) => {
    expect(differences(asNodes(resources, layer), emitted(files, layer))).toEqual([]);
  });

  it('the graph of the model has nothing beside the layers of the deployment, and nothing twice', () => {
    const layers = layersOf(resolve(answers));
    expect(layers.flatMap((layer) => asNodes(resources, layer))).toHaveLength(resources.length);
    const identities = resources.map(({ environment, layer, id }) => `${environment} ${layer} ${id}`);
    expect(new Set(identities).size).toBe(resources.length);
  });

  it('the graph of the model is the same for every target, but for the tag that names it, and for what its engine asks for', () => {
    const shifts = resources.some(({ id }) => id === 'trafficRole');
    const [first, ...others] = TARGETS.filter((target) => target !== 'terraform' || !shifts).map((target) =>
      withoutEngine(without('model', resourcesOf(resolve(answers, target)), OMITTED)),
    );
    for (const other of others) expect(other).toEqual(first);
  });
});

describe('the graph of the model', () => {
  const all = CASES.flatMap(({ answers }) => resourcesOf(resolve(answers, 'cloudformation')));

  it('the graph of the model has every type and every property of the list', () => {
    expect([...RESOURCE_TYPES].sort()).toEqual(Object.keys(RESOURCES).sort());
    const seen = seenProperties(all);
    const listed = Object.entries(RESOURCES).flatMap(([type, { properties }]) =>
      Object.keys(properties).map((name) => `${type}.${name}`),
    );
    expect([...seen].sort()).toEqual(listed.sort());
  });

  it.each(OMITTED)('the graph of the model differs from what is emitted by $what', ({ what }) => {
    const { answers } = CASES[0]!;
    const [layer] = layersOf(resolve(answers)).filter((candidate) => candidate.layer === 'service');
    const others = OMITTED.filter((omission) => omission.what !== what);
    const [model, graph] = [
      asNodes(resourcesOf(resolve(answers, 'cloudformation')), layer!, others),
      emitted(cloudformationFiles(answers), layer!, others),
    ];
    expect(differences(model, graph)).not.toEqual([]);
  });

  it('the graph of the model is found out if any property is wrong', () => {
    const answers = CASES.find(({ name }) => name === 'the newest conventions')!.answers;
    const files = cloudformationFiles(answers);
    const missed = layersOf(resolve(answers))
      .filter(({ environment }) => ['issued', 'shared'].includes(environment))
      .flatMap((layer) => {
        const right = asNodes(resourcesOf(resolve(answers, 'cloudformation')), layer);
        const graph = emitted(files, layer);
        return right.flatMap((node) =>
          Object.keys(node.properties)
            .filter((name) => {
              const wrong = { ...node, properties: { ...node.properties, [name]: 'wrong' } };
              const nodes = right.map((other) => (other === node ? wrong : other));
              return !differences(nodes, graph).some((line) => line.includes(`: ${name} is "wrong"`));
            })
            .map((name) => `${node.type}.${name}`),
        );
      });
    expect(missed).toEqual([]);
  });
});

function resolve({ state, ...answers }: Answers, target: Answers['target'] = answers.target) {
  const own = target === 'terraform' ? { state } : {};
  return resolveDeployment(readConfig({ ...answers, ...own, target }, 'the case'));
}

/** The model's resources of a layer, as the emitted graph has them. */
function asNodes(resources: readonly Resource[], layer: Layer, omissions = OMITTED): GraphNode[] {
  return without(
    'model',
    resources.filter((resource) => resource.environment === layer.environment && resource.layer === layer.layer),
    omissions,
  );
}

function emitted(files: ReadonlyMap<string, string>, layer: Layer, omissions = OMITTED): GraphNode[] {
  return without('emitted', graphOfStack(cloudformationStack(files, layer)), omissions);
}

function without(of: Omission['of'], nodes: readonly GraphNode[], omissions: readonly Omission[]): GraphNode[] {
  const own = omissions.filter((omission) => omission.of === of);
  return nodes.map(({ type, key, properties }) => ({
    type,
    key,
    properties: own.reduce<Tree>((rest, omission) => omission.without(rest), properties),
  }));
}
