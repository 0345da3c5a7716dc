import { LATEST } from '../../src/conventions';
import { describeGeneration } from './generation';

await describeGeneration(LATEST.id, { brief: true });
