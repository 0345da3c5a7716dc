import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders whose suites take longest: one that starts last is waited for by an idle worker. */
const FIRST = ['test/e2e/', 'test/server/', 'test/parity/'];

/** Starts long suites before short ones. Vitest goes by the size of a file where it knows no durations, and the longest are short files. */
export default class LongSuitesFirst extends BaseSequencer {
  async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) =>
      FIRST.some((folder) => relative(process.cwd(), moduleId).startsWith(folder));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
