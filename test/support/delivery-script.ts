import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { OWN_COMMAND, withOwnCommand } from './own-command';

/**
 * Runs this package's command in an emitted repository; what it says, tells a workflow, and writes to the summary of its run.
 *
 * @param folder holds the files of the run, and in `bin` what stands in for programs
 */
export async function runScript(cwd: string, folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const [told, summary] = [join(folder, 'told'), join(folder, 'summary')];
  for (const file of [told, summary]) writeFileSync(file, '');
  const child = spawn(process.execPath, [OWN_COMMAND, ...args], {
    cwd,
    env: {
      ...process.env,
      PATH: withOwnCommand([join(folder, 'bin'), process.env.PATH].join(delimiter)),
      GITHUB_OUTPUT: told,
      GITHUB_STEP_SUMMARY: summary,
      ...env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  const lines = readFileSync(told, 'utf8').split('\n').filter(Boolean);
  return {
    exitCode,
    output,
    summary: readFileSync(summary, 'utf8'),
    told: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) as Record<string, string>,
  };
}
