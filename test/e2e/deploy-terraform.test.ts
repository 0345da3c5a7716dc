import { TERRAFORM } from '../support/targets';
import { describeDeployments } from './deployment';
import { describeEnvironments } from './environments';

describeDeployments(TERRAFORM);
describeEnvironments(TERRAFORM);
