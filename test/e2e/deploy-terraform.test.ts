import { TERRAFORM } from '../support/targets';
import { describeDeployment, ON_A_PATH } from './deployment';

await describeDeployment(TERRAFORM, ON_A_PATH);
