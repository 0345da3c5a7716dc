import { command } from '../command';
import { ENV, PROFILE } from '../delivery-options';

export const analyze = command({
  name: 'analyze',
  group: 'repository',
  usage: 'CATALOG_URL | ENV | --stack NAME',
  help: 'read an AWS account: what it answers, and what would go wrong',
  about:
    'Reads the AWS account of a Quilt stack with the AWS CLI, and writes nothing there. It shows the answers that the account gives, each with its evidence, and what would go wrong with a deployment. It never reads the value of a secret. Of an environment of the repository in the working directory, it takes catalog and region from the answers, and writes docs/analysis/ENV.md and ENV.json.',
  words: [['CATALOG_URL', 'URL of the Quilt catalog, as a browser shows it'], ENV],
  failure: 'the account cannot be read',
  options: {
    stack: {
      type: 'string',
      value: 'NAME',
      help: 'the CloudFormation stack of Quilt; without, it is found by the catalog',
    },
    profile: PROFILE,
    region: { type: 'string', value: 'REGION', help: 'region of the stack; default: that of the catalog' },
    'role-arn': { type: 'string', value: 'ARN', help: 'a role that is assumed first' },
    report: { type: 'string', value: 'FILE', help: 'write the report as Markdown, and the snapshot as JSON beside it' },
    json: { type: 'boolean', help: 'print snapshot, answers and findings as JSON; progress on standard error' },
    policy: { type: 'boolean', help: 'print the IAM policy that a reading needs, and read nothing' },
    verbose: { type: 'boolean', help: 'show each call of the AWS CLI' },
  },
  run: async (...args) => (await import('../analyze')).analyze(...args),
});
