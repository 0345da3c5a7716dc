import { describe, expect, it } from 'vitest';

import { targetGenerator } from '../../../generators/targets';
import { loadTemplates } from '../../../generators/templates';
import { exampleAnswers } from '../../../src/config/example';
import { TARGETS } from '../../../src/config/repository';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { ownPackage } from '../../../src/project/package-root';

const templates = loadTemplates(`${ownPackage().root}/templates`);

/** Values of the contract of a generation, by their paths. */
function leavesOf(value: unknown, path: readonly string[] = []): { path: readonly string[]; value: unknown }[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]))
    : [{ path, value }];
}

function changedAt<T>(value: T, [key, ...rest]: readonly string[]): T {
  if (key === undefined) {
    const change = {
      number: (one: number) => one + 7,
      boolean: (one: boolean) => !one,
      string: (one: string) => `${one}-other`,
    };
    return change[typeof value as keyof typeof change](value as never) as T;
  }
  const inner = (value as Record<string, unknown>)[key];
  const next = { ...value, [key]: changedAt(inner, rest) };
  return (Array.isArray(value) ? Object.values(next) : next) as T;
}

/**
 * What a target does not take from the contract itself. CloudFormation and the CDK are given the variables of each environment, in which
 * those of the contract are; and a template of CloudFormation cannot look at the names of variables.
 */
const ELSEWHERE: Readonly<Record<(typeof TARGETS)[number], RegExp>> = {
  terraform: /^$/,
  cdk: /^container\.environment\./,
  cloudformation: /^(container\.environment|forbiddenVariables|requiredVariables)\./,
};

describe.each(TARGETS)('the contract of a generation, with %s', (target) => {
  const answers = exampleAnswers(undefined, target);
  const deployment = resolveDeployment(readConfig(answers, 'the example'));
  const emitted = (contract: typeof deployment.contract) =>
    targetGenerator(target)
      .files({ ...deployment, contract }, templates, () => undefined)
      .map(({ path, content }) => `${path}\n${content}`)
      .join('\n');
  const before = emitted(deployment.contract);

  const leaves = leavesOf(deployment.contract)
    .map(({ path, value }) => [path.join('.'), value, path] as const)
    .filter(([name]) => !ELSEWHERE[target].test(name));

  it.each(leaves)('what is deployed follows the contract: %s, which is %j', (_, __, path) => {
    expect(emitted(changedAt(deployment.contract, path))).not.toBe(before);
  });
});
