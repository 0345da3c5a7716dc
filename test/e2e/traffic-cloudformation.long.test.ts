import { CLOUDFORMATION } from '../support/targets';
import { describeTraffic } from './traffic';

await describeTraffic(CLOUDFORMATION, 'first');
await describeTraffic(CLOUDFORMATION, 'second', { isShort: true });
