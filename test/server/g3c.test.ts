import { describeGeneration } from './generation';

describeGeneration('g3c', ['0.22.0']);
