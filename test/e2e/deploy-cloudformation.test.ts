import { CLOUDFORMATION } from '../support/targets';
import { describeDeployment, ON_A_PATH } from './deployment';

await describeDeployment(CLOUDFORMATION, ON_A_PATH);
