import { CDK } from '../support/targets';
import { describeTraffic } from './traffic';

await describeTraffic(CDK, 'second');
