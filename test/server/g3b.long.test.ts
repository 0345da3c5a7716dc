import { describeGeneration } from './generation';

await describeGeneration('g3b');
