import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Runs a command of an emitted repository's delivery scripts; what it says, tells a workflow, and writes to the summary of its run.
 *
 * @param folder holds the files of the run, and in `bin` what stands in for programs
 */
export async function runScript(cwd: string, folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const [told, summary] = [join(folder, 'told'), join(folder, 'summary')];
  for (const file of [told, summary]) writeFileSync(file, '');
  const child = spawn(process.execPath, ['deploy/delivery/main.mjs', ...args], {
    cwd,
    env: {
      ...process.env,
      PATH: [join(folder, 'bin'), process.env.PATH].join(delimiter),
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
