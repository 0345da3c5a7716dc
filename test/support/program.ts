import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

/** How a program ended that a test ran without a terminal. */
export interface Ended {
  readonly exitCode: number | null;
  /** Standard output and standard error, without colours. */
  readonly output: string;
}

/** Runs a command line, as words, to its end, with these variables and no others. What the program talks to may be in this process. */
export function startProgram([command = '', ...args]: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  return new Promise<Ended>((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output: stripVTControlCharacters(output) }));
  });
}
