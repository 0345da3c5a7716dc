/** Exports for the tests of an emitted repository. Their owner may keep an older version of them: names here stay. */
export { cannotRun } from './ci';
export { leastTemplateBytes, TEMPLATE_BODY } from './cloudformation/template';
export { failureOf, runProgram, whyFailed } from './program';
export { prepareTerraform, type Terraform, type TerraformNeeds } from './terraform';
