import type { TargetGuide } from '../target';
import { parametersFile } from './files';

export const cloudformationGuide: TargetGuide = {
  tool: 'CloudFormation',
  units: 'stacks',
  data: 'the parameters of its stacks',
  lost: 'its parameters go then, and no task knows its stacks any more',
  tests: 'Check templates and parameters with cfn-lint',
  record: 'the parameters of a stack',
  keepsValidationRecord: true,
  path: parametersFile,
  facts: {},
};
