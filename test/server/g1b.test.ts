import { describeGeneration } from './generation';

describeGeneration('g1b', ['0.9.2']);
