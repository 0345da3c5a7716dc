import { CLOUDFORMATION } from '../support/targets';
import { describeDeployments } from './deployment';
import { describeEnvironments } from './environments';

describeDeployments(CLOUDFORMATION);
describeEnvironments(CLOUDFORMATION);
