import { BaseSequencer, type TestSpecification } from 'vitest/node';

import { knownDurations, pathOf } from './durations.mjs';

/** Starts long suites before short ones, so that no worker is idle while another has a long one left. New suites come first. */
export default class LongestFirst extends BaseSequencer {
  async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const known = knownDurations();
    const duration = ({ moduleId }: TestSpecification) => known[pathOf(moduleId)] ?? Number.POSITIVE_INFINITY;
    return [...files].sort((a, b) => (duration(a) === duration(b) ? 0 : duration(b) - duration(a)));
  }
}
