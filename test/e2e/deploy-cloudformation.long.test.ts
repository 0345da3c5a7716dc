import { CLOUDFORMATION } from '../support/targets';
import { describeDeployment, ON_A_DOMAIN } from './deployment';
import { describeEnvironments } from './environments';

await describeDeployment(CLOUDFORMATION, ON_A_DOMAIN);
await describeEnvironments(CLOUDFORMATION);
