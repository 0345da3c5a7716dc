import { CDK } from '../support/targets';
import { describeDeployments } from './deployment';
import { describeEnvironments } from './environments';

describeDeployments(CDK);
describeEnvironments(CDK);
