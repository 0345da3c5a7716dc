import { describeGeneration } from './generation';

describeGeneration('g3c');
