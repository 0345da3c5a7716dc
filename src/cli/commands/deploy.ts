import { command } from '../command';
import { ENV } from '../delivery-options';

export const deploy = command({
  name: 'deploy',
  group: 'delivery',
  usage: 'ENV …',
  help: 'look in the account for what would make it fail, and deploy the service of ENV',
  about:
    'Deploys the service of ENV with Terraform, CloudFormation or the CDK, as the task does. Before, it looks in the account as check does: an error ends it before anything is changed. What cannot be seen, e.g. without the AWS CLI, ends nothing. Words after ENV go to the tool unchanged.',
  words: [ENV, ['…', 'what terraform apply, stack deploy (of this package) or cdk deploy takes']],
  failure: 'failed, refused or cancelled: before a deployment an error was found, or the tool failed',
  options: { 'no-check': { type: 'boolean', help: 'do not look in the account before' } },
  passesOn: true,
  run: async (...args) => (await import('../deploy')).deploy(...args),
});
