import { TERRAFORM } from '../support/targets';
import { describeDeployment, ON_A_DOMAIN } from './deployment';
import { describeEnvironments } from './environments';

await describeDeployment(TERRAFORM, ON_A_DOMAIN);
await describeEnvironments(TERRAFORM);
