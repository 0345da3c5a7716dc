import { CDK } from '../support/targets';
import { describeDeployment, ON_A_DOMAIN } from './deployment';
import { describeEnvironments } from './environments';

await describeDeployment(CDK, ON_A_DOMAIN);
await describeEnvironments(CDK);
