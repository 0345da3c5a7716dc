import type { TargetGuide } from '../target';
import { configFile } from './files';

export const cdkGuide: TargetGuide = {
  tool: 'the AWS CDK',
  units: 'stacks',
  data: 'the configuration of its stacks',
  lost: 'its configuration goes then, and no task knows its stacks any more',
  tests: "Check the app's types and what it synthesises, with cdk-nag",
  record: 'the template of a stack',
  keepsValidationRecord: true,
  path: (environment) => configFile(environment),
  facts: {},
};
