import { describeGeneration } from './generation';

describeGeneration('g3b', ['0.17.4', '0.21.0']);
