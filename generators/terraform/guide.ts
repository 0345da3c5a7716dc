import type { TargetGuide } from '../target';
import { rootOf } from './files';
import { OLDEST_TERRAFORM } from './versions';

export const terraformGuide: TargetGuide = {
  tool: 'Terraform',
  units: 'states',
  data: 'the roots',
  lost: 'its roots go then, and Terraform could not find its resources any more',
  tests: 'Check formatting, validity and tests of all of it',
  record: "Terraform's state",
  keepsValidationRecord: false,
  path: rootOf,
  facts: { oldestTerraform: OLDEST_TERRAFORM },
};
