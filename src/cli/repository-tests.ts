import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { keepLog, LINES_SHOWN } from '../operations/excerpt';
import { failureOf } from '../operations/program';
import type { TestEvent } from '../operations/test-event';
import { runTestScript } from './npm';
import type { Finished } from './run';
import type { StepResult } from './step-result';

/**
 * Folder for the results of the tests: git-ignored, and relative to the repository's root, so that no shell meets a
 * space.
 */
const CACHE = 'node_modules/.cache/create-quilt-mcp-deploy';
const EVENTS = `${CACHE}/tests.jsonl`;

/**
 * Runs the tests of a repository whose packages are installed. Tests that this machine cannot run are said with the reason.
 *
 * @throws the reason of the signal's abort
 */
export async function runRepositoryTests(directory: string, signal: AbortSignal): Promise<StepResult> {
  mkdirSync(join(directory, CACHE), { recursive: true });
  rmSync(join(directory, EVENTS), { force: true });
  const reporters = ['create-quilt-mcp-deploy/test-reporter', EVENTS, 'spec', 'stdout'];
  const options = reporters.map((value, index) => `--test-reporter${index % 2 === 0 ? '' : '-destination'}=${value}`);
  const ending = await runTestScript(directory, options, signal);
  return describeTests(readEvents(join(directory, EVENTS)), ending);
}

/** The result of a run of tests, for a person. Tests that did not run never count as passed. */
export function describeTests(events: readonly TestEvent[], ending: Finished): StepResult {
  const of = (kind: 'passed' | 'skipped' | 'failed') =>
    events.flatMap((event) => (event.kind === kind ? [{ reason: '', ...event }] : []));
  const [passed, skipped, failed] = [of('passed'), of('skipped'), of('failed')];
  const lines = (tests: typeof failed) =>
    tests.map(({ name, reason }) => [name, ...(reason ? [firstLine(reason)] : [])].join(': '));
  if (failed.length > 0) {
    const shown = lines(failed).slice(0, LINES_SHOWN);
    const log = keepLog('npm-test', ending.output);
    const rest = log === undefined ? [] : [`The whole output: ${log}`];
    return { status: 'failed', message: [`its tests: ${failed.length} failed`, ...shown, ...rest].join('\n') };
  }
  if (!ending.ok || passed.length + skipped.length === 0) {
    const why = ending.ok ? 'npm test ran none' : failureOf('npm test', ending);
    return { status: 'failed', message: `its tests were not run: ${why}` };
  }
  const notes = events.flatMap((event) => (event.kind === 'note' ? [event.text] : []));
  const count = `its tests: ${passed.length} passed`;
  return skipped.length === 0
    ? { status: 'done', message: [count, ...notes].join('\n') }
    : { status: 'skipped', message: [`${count}, ${skipped.length} not run`, ...lines(skipped), ...notes].join('\n') };
}

function readEvents(file: string): TestEvent[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as TestEvent);
  } catch {
    return []; // the runner did not start, or was ended within a line
  }
}

/**
 * The first line with content. An introduction of another program's lines, as "X failed:", is joined with the next
 * line.
 */
function firstLine(text: string): string {
  const [first = '', second = ''] = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return first.endsWith(':') ? `${first} ${second}`.trimEnd() : first;
}
