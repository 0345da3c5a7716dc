import { describe, expect, it } from 'vitest';
import type { EnvironmentAnswers } from '../../src/config/environment';
import { exampleAnswers } from '../../src/config/example';
import type { Answers } from '../../src/config/repository';
import { CATALOGUE, findDeployable, isDeployable, LATEST } from '../../src/conventions';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { replacingProperties } from '../../src/rehearsal/cloudformation/spec';
import type { TemplateObject } from '../../src/rehearsal/cloudformation/template';
import { compareResources, type ResourceChange } from '../../src/resources/impact';
import { resourcesOf } from '../../src/resources/resources';
import { inventFuture } from '../support/future';
import { resourcesOfStack } from './from-template';
import type { SourceResource } from './graph';
import { cloudformationFiles, cloudformationStack, layersOf } from './sources';

inventFuture();

type Change = (dev: EnvironmentAnswers, answers: Answers) => void;

const domain =
  (host: string, hostedZoneId = 'Z0123456789ABCDEFGHIJ'): Change =>
  (dev) => {
    Object.assign(dev.network, { albDnsName: 'a.elb.amazonaws.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' });
    dev.routing = { mode: 'domain', host, priority: 200, hostedZoneId };
  };

/** What changes in the answers of one environment, before and after. */
const ANSWERS: Readonly<Record<string, readonly [Change, Change]>> = {
  'a domain': [() => {}, domain('mcp.example.com')],
  'another domain': [domain('a.example.com'), domain('b.example.com')],
  'another hosted zone': [domain('a.example.com'), domain('a.example.com', 'ZABCDEFGHIJ0123456789')],
  origins: [
    () => {},
    (dev) => {
      dev.cors = { allowedOrigins: ['https://a.example.com', 'https://b.example.com', 'https://c.example.com'] };
    },
  ],
  'another listener, cluster and VPC': [
    () => {},
    (dev) => {
      dev.network.listenerArn = dev.network.listenerArn.replace(/.$/, 'e');
      dev.network.vpcId = 'vpc-0123456789abcdef0';
      dev.network.clusterName = 'other';
    },
  ],
  'traffic that is moved': [
    () => {},
    (dev) => {
      dev.deployment = { strategy: 'canary', alarms: ['unhealthy'] };
    },
  ],
  'data that is retained': [
    () => {},
    (dev) => {
      dev.retainData = true;
    },
  ],
  'sizes, logs, secrets, roles and tags': [
    () => {},
    (dev) => {
      dev.capacity = { cpu: 1024, memory: 4096, desired: 3 };
      dev.logs = {
        retention: 90,
        kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef',
      };
      dev.secrets = { A: 'arn:aws:ssm:us-east-1:111122223333:parameter/a' };
      dev.permissionsBoundaryArn = 'arn:aws:iam::111122223333:policy/boundary';
      dev.tags = { Team: 'other' };
    },
  ],
};

const IDS = [...CATALOGUE.filter(isDeployable).map(({ id }) => id)];

describe('what an impact says for CloudFormation', () => {
  it.each(IDS.flatMap((from) => IDS.filter((to) => to !== from).map((to) => [from, to] as const)))(
    'an impact for CloudFormation is what the specification makes of the templates: %s to %s',
    (from, to) => {
      compare([from, () => {}], [to, () => {}]);
    },
  );

  it.each(Object.entries(ANSWERS))(
    'an impact for CloudFormation is what the specification makes of the templates: %s',
    (_, [before, after]) => {
      compare([LATEST.id, before], [LATEST.id, after]);
      compare([LATEST.id, after], [LATEST.id, before]);
    },
  );
});

function compare(before: readonly [string, Change], after: readonly [string, Change]): void {
  const [old, now] = [answersOf(...before), answersOf(...after)];
  const layers = layersOf(resolve(now)).filter(({ environment }) => environment === 'dev');
  const [oldFiles, newFiles] = [cloudformationFiles(old), cloudformationFiles(now)];
  const expected = layers.flatMap((layer) =>
    changesOf(
      resourcesOfStack(cloudformationStack(oldFiles, layer)),
      resourcesOfStack(cloudformationStack(newFiles, layer)),
    ),
  );
  const said = compareResources(resourcesOf(resolve(old)), resourcesOf(resolve(now)), 'cloudformation')
    .filter(({ environment }) => environment === 'dev')
    .map(({ id, action }: ResourceChange) => `${id}: ${action}`);
  expect(said.sort()).toEqual(expected.sort());
}

function answersOf(conventions: string, change: Change): Answers {
  const answers = exampleAnswers(findDeployable(conventions)!, 'cloudformation');
  change(answers.environments.dev!, answers);
  return answers;
}

function resolve(answers: Answers) {
  return resolveDeployment(readConfig(answers, 'the case'));
}

/** What CloudFormation does to get from one template to the other, by its specification. */
function changesOf(before: readonly SourceResource[], after: readonly SourceResource[]): string[] {
  const old = new Map(before.map((resource) => [resource.name, resource]));
  let now = new Map(after.map((resource) => [resource.name, resource]));
  const isReplaced = (name: string) => {
    const [a, b] = [old.get(name), now.get(name)];
    return a && b && replacingProperties(a.type, a.values as TemplateObject, b.values as TemplateObject).length > 0;
  };
  // What refers to a resource that is made anew refers to something else.
  for (const renewed = new Set<string>(); ; ) {
    const more = [...now.keys()].filter((name) => !renewed.has(name) && isReplaced(name));
    if (more.length === 0) break;
    for (const name of more) {
      renewed.add(name);
      const text = JSON.stringify([...now]).replaceAll(`⟨${name}.`, `⟨${name}, anew.`);
      now = new Map(JSON.parse(text));
    }
  }
  const actions = new Map<string, string>();
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [a, b] = [old.get(name), now.get(name)];
    const action = !a ? 'create' : !b ? 'destroy' : isReplaced(name) ? 'replace' : isSame(a, b) ? undefined : 'update';
    const id = idOf(name);
    if (action === undefined) continue;
    actions.set(id, actions.has(id) ? 'replace' : id === 'taskDefinition' && action === 'replace' ? 'revise' : action);
  }
  return [...actions].map(([id, action]) => `${id}: ${action}`);
}

function isSame(a: SourceResource, b: SourceResource): boolean {
  return JSON.stringify(a.values) === JSON.stringify(b.values);
}

/** The id of a resource by its logical id; where that says whether it is retained, the two are one. */
function idOf(logicalId: string): string {
  const name = logicalId.replace(/^Disposable/, '');
  return `${name[0]!.toLowerCase()}${name.slice(1)}`;
}
