import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** Ends a run with one line that any reader understands: `N passed, N failed`, and what was skipped. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((candidate) => candidate === state).length;
    // A file that does not load, a hook that fails, an error between tests: none has a test to its name, and each fails
    // the run all the same.
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const failed = count('failed') + errors.length + suites.filter((suite) => suite.errors().length > 0).length;
    const skipped = count('skipped') + count('pending');
    process.stdout.write(`\n${count('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  }
}
