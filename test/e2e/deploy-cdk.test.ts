import { CDK } from '../support/targets';
import { describeDeployment, ON_A_PATH } from './deployment';

await describeDeployment(CDK, ON_A_PATH);
