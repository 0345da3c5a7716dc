import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { CALLS, type CallName } from '../../src/discovery/calls';
import { type Ask, CallFailure } from '../../src/discovery/reader';
import { reasonOf } from '../../src/operations/aws-reading';
import { DEFAULT_REGION, type Emulator } from '../../src/rehearsal/emulator';
import { emulatorProgram } from './engines/emulator';

/** What asks an emulated account, and the calls that it made. */
export interface Asker {
  readonly ask: Ask;
  readonly calls: readonly CallName[];
  stop(): void;
}

/** Asks an emulated account by the library of the AWS CLI, in one process for all calls. */
export function startAsker({ env }: Pick<Emulator, 'env'>, region: string = DEFAULT_REGION): Asker {
  const child = spawn(emulatorProgram('python'), ['-I', join(__dirname, 'botocore-calls.py')], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const calls: CallName[] = [];
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
  return {
    calls,
    ask: async (name, input) => {
      const { service, operation } = CALLS[name];
      calls.push(name);
      const line = await new Promise<string>((resolve) => {
        waiting.push(resolve);
        child.stdin.write(`${JSON.stringify({ service, operation, region, input })}\n`);
      });
      const { answer, error } = JSON.parse(line) as { answer?: unknown; error?: string };
      if (error !== undefined) throw new CallFailure(reasonOf(error), error);
      return answer;
    },
    stop: () => child.stdin.end(),
  };
}

/** Asks as another does, the same question once: for several readings of an account that stays as it is. */
export function askingOnce(ask: Ask): Ask {
  const asked = new Map<string, Promise<unknown>>();
  return (name, input) => {
    const key = JSON.stringify([name, input]);
    const answer = asked.get(key) ?? ask(name, input);
    asked.set(key, answer);
    return answer;
  };
}

/** Asks as another does, but for calls that are refused. */
export function denying(ask: Ask, ...denied: readonly CallName[]): Ask {
  return async (name, input) => {
    if (!denied.includes(name)) return ask(name, input);
    throw new CallFailure('denied', `An error occurred (AccessDenied) when calling ${name}`);
  };
}
