import { describeGeneration } from './generation';

describeGeneration('g1b');
