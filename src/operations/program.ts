import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { excerpt, linesThatMatter } from './excerpt';
import { plainEnvironment } from './plain-environment';

/** The end of a program. */
export interface Ending {
  /** Its name, or its path. */
  readonly command: string;
  /** The system's code if it could not be started, e.g. `ENOENT`. */
  readonly code?: string;
  /** Absent if it could not be started, or was ended by a signal. */
  readonly exitCode?: number;
  readonly signal?: string;
  /** Standard output and standard error. */
  readonly output: string;
}

/** A program that ran to its end, with its output, without colours. */
export interface Finished extends Ending {
  readonly ok: boolean;
  readonly stdout: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the program. */
  readonly signal?: AbortSignal;
  /** Text for its standard input; nothing by default. */
  readonly input?: string;
  /** Whether a person reads its output: it goes to this process's own output, and is not in the result. */
  readonly show?: boolean;
  /** Whether it has this process's terminal: `show`, and it reads the user's input. */
  readonly attached?: boolean;
  /** Whether a shell starts it. */
  readonly shell?: boolean;
}

/** Runs a program to its end. The result has any failure. */
export function runProgram(
  command: string,
  args: readonly string[],
  { cwd, env, signal, input, attached = false, show = attached, shell = false }: ProgramOptions,
): Promise<Finished> {
  return new Promise((resolve) => {
    const stream = show ? 'inherit' : 'pipe';
    const child = spawn(command, args, {
      cwd,
      env: show ? env : plainEnvironment(env),
      signal,
      shell,
      stdio: [attached ? 'inherit' : input === undefined ? 'ignore' : 'pipe', stream, stream],
    });
    // A program that reads nothing closes it.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    const said = { stdout: '', output: '' };
    let code: string | undefined;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said.stdout += text;
      said.output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said.output += text;
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      code = error.code;
    });
    // What it started may live on, with its output open.
    child.on('exit', () => {
      if (!signal?.aborted) return;
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    child.on('close', (exitCode, endedBy) => {
      const started = code === undefined || code === 'ABORT_ERR';
      resolve({
        command,
        ok: started && exitCode === 0,
        ...(started ? { exitCode: exitCode ?? undefined, signal: endedBy ?? undefined } : { code }),
        stdout: stripVTControlCharacters(said.stdout),
        output: stripVTControlCharacters(said.output),
      });
    });
  });
}

/** Exit codes of a shell, or of `env`, that found a program and could not start it, or could not find it. */
const NOT_STARTED = [126, 127];
/** The shell's error for a program of another machine, which it takes for a script. */
const OTHER_MACHINE = /exec format error|cannot execute|syntax error|bad cpu type|ELF.*not found/i;

/**
 * Reason why a program failed: not found, not executable, for another machine, ended by a signal, or its exit code. The
 * text begins with the program's name, has no full stop, and at most one line of the program's output.
 *
 * @param env the environment that it was started in, whose PATH was searched. Default: this process's
 */
export function whyFailed(ending: Ending, env: NodeJS.ProcessEnv = process.env): string {
  const { command, code, exitCode, signal, output } = ending;
  const name = basename(command);
  const said = linesThatMatter(output)[0]?.trim();
  const saying = said === undefined ? '' : `: ${said}`;
  if (code === 'ENOENT') {
    const file = findOnPath(command, env);
    return file === undefined
      ? `${name} is not on the PATH`
      : `${name} cannot be started: the program that ${file} names in its first line is missing`;
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return `${name} may not be executed: check the permissions of ${findOnPath(command, env) ?? command}`;
  }
  if (code !== undefined) return `${name} cannot be started (${code})`;
  if (signal) return `${name} was ended by ${signal}${signal === 'SIGKILL' ? ', maybe because memory ran out' : ''}`;
  if (isForOtherMachine(ending)) {
    const file = findOnPath(command, env) ?? command;
    return `${name} is not a program for this machine (${process.platform} ${process.arch}): ${file}`;
  }
  if (NOT_STARTED.includes(exitCode ?? 0)) return `${name} cannot be started (exit code ${exitCode})${saying}`;
  return `${name} failed with exit code ${exitCode}${saying}`;
}

/** Reason why a program failed, and below it its output, at most ten lines. */
export function failureOf(what: string, ending: Ending, env?: NodeJS.ProcessEnv): string {
  const { code, signal, output } = ending;
  const said = excerpt(what.replace(/[^\w.-]+/g, '-'), output);
  if (code !== undefined || signal || said === '')
    return `${what} failed: ${whyFailed({ ...ending, output: '' }, env)}`;
  return `${what} failed:\n${said}`;
}

function isForOtherMachine({ command, exitCode, output }: Ending): boolean {
  const [line = ''] = output.trimStart().split('\n');
  const isOfShell = line.includes(`${basename(command)}: `);
  return isOfShell && [2, ...NOT_STARTED].includes(exitCode ?? 0) && OTHER_MACHINE.test(line);
}

/** The first file of a name on the PATH, whether it may be executed or not; one that may counts first. */
function findOnPath(command: string, env: NodeJS.ProcessEnv): string | undefined {
  if (command !== basename(command)) return isFile(command) ? command : undefined;
  const suffixes = process.platform === 'win32' ? ['', ...(env.PATHEXT ?? '.EXE;.CMD').split(';')] : [''];
  // Windows writes Path, and finds it by either name; a copy of an environment has only the one.
  const path = Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';
  const files = path
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => suffixes.map((suffix) => join(folder, command + suffix)))
    .filter(isFile);
  return files.find(isExecutable) ?? files[0];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
