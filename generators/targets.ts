import type { Deployment } from '../src/model/deployment';
import { cdk } from './cdk';
import { cloudformation } from './cloudformation';
import type { TargetGenerator } from './target';
import { terraform } from './terraform';

/** The targets, by their name in the answers. */
const targets: Readonly<Record<Deployment['target'], TargetGenerator>> = { terraform, cloudformation, cdk };

export function targetGenerator(target: Deployment['target']): TargetGenerator {
  return targets[target];
}
