import { describeGeneration } from './generation';

await describeGeneration('g1b');
