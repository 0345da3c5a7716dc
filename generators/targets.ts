import type { Deployment } from '../src/model/deployment';
import { cdk } from './cdk';
import { cloudformation } from './cloudformation';
import type { TargetGenerator } from './target';
import { terraform } from './terraform';

/** The targets, by their name in the answers; those that the schema names beside them are to come. */
const targets: Readonly<Partial<Record<Deployment['target'], TargetGenerator>>> = { terraform, cloudformation, cdk };

/** Whether a repository can be emitted that deploys with this target. */
export function isAvailable(target: Deployment['target']): boolean {
  return target in targets;
}

/** @throws Error where the target is not available */
export function targetGenerator(target: Deployment['target']): TargetGenerator {
  const generator = targets[target];
  if (!generator) {
    throw new Error(`target ${target} is not there yet; use ${Object.keys(targets).join(' or ')}`);
  }
  return generator;
}
