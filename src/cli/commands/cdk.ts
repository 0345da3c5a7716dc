import { command } from '../command';

export const cdk = command({
  name: 'cdk',
  group: 'delivery',
  usage: 'plan|deploy|destroy|parameters STACK …',
  help: 'deploy a stack of the CDK app, with parameters read from the account',
  about:
    'Plans, deploys or destroys a stack of deploy/cdk with the CDK that the repository has installed, as the tasks do. Words after the stack go to the CDK unchanged. A deployment gets parameters read from the account, and leaves the traffic at the target group that has it.',
  words: [
    ['plan STACK', 'show what a deployment would change: cdk diff; of a new stack, by its template'],
    ['deploy STACK', 'deploy it: cdk deploy; resources that an earlier stack kept are imported'],
    ['destroy STACK', 'delete it: cdk destroy'],
    ['parameters STACK', 'print the parameters that plan and deploy give, as words for the CDK'],
  ],
  passesOn: true,
  run: async (...args) => (await import('../cdk')).cdk(...args),
});
