import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** A running AWS API emulator: one account, every region, all in memory. */
export interface Emulator {
  /** Its endpoint, on the loopback interface. */
  url: string;
  accountId: string;
  /** Environment variables for Terraform, the SDKs and the AWS CLI; undefined removes a variable. */
  env: NodeJS.ProcessEnv;
  /** Ends it; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Empties the account. */
  reset(): Promise<void>;
  /** The end of its error stream: tracebacks of calls that it answered with a 500. */
  log(): string;
}

export const DEFAULT_REGION = 'us-east-1';

/** After so long without a sign, a started program counts as hanging. */
export const START_MS = 10 * 60_000;

/** Python packages of the emulator. */
export const REQUIREMENTS = join(__dirname, 'emulator/requirements.txt');

const ACCOUNT_ID = '123456789012';
const LOG_LENGTH = 20_000;

/**
 * Starts an emulator of its own for the caller, on a free port, and resolves when it answers (about two seconds). It
 * ends with this process, in whatever way that ends. Rejects with its log when it can't start.
 *
 * @param python interpreter that has the packages of {@link REQUIREMENTS}
 * @param empty an empty file, which stands for the caller's own AWS settings
 * @param env more variables for its callers
 */
export async function runEmulator(python: string, empty: string, env: NodeJS.ProcessEnv = {}): Promise<Emulator> {
  // Standard input stays open as long as this process lives; the emulator ends when it closes.
  const child = spawn(python, ['-I', join(__dirname, 'emulator/start.py')], {
    env: { ...process.env, MOTO_ACCOUNT_ID: ACCOUNT_ID, MOTO_ACM_VALIDATION_WAIT: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-LOG_LENGTH);
  });

  const stop = async () => {
    process.removeListener('exit', kill);
    kill();
    await exited;
  };
  try {
    const url = await readiness(child, () => log);
    await post(`${url}/moto-api/reset`);
    return {
      url,
      accountId: ACCOUNT_ID,
      env: { ...environment(url, empty), ...env },
      stop,
      reset: () => post(`${url}/moto-api/reset`),
      log: () => log,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves to the URL that start.py announces. */
function readiness(child: ChildProcess, log: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`The emulator did not start: ${why}\n${log()}`));
    const timer = setTimeout(() => fail(`nothing after ${START_MS} ms`), START_MS);
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const url = /^READY (\S+)$/m.exec(text)?.[1];
      if (url) {
        clearTimeout(timer);
        resolve(url);
      }
    });
    child.once('error', (error) => fail(error.message));
    child.once('close', (code) => {
      clearTimeout(timer);
      fail(`it ended with ${code}`);
    });
  });
}

async function post(url: string): Promise<void> {
  const response = await fetch(url, { method: 'POST' });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

/** Environment variables for callers of the emulator: without the user's own AWS and Terraform settings. */
function environment(url: string, empty: string): NodeJS.ProcessEnv {
  const inherited = Object.keys(process.env).filter((name) => /^(AWS|TF)_/.test(name));
  return {
    ...Object.fromEntries(inherited.map((name) => [name, undefined])),
    AWS_ACCESS_KEY_ID: 'emulator',
    AWS_SECRET_ACCESS_KEY: 'emulator',
    AWS_SESSION_TOKEN: 'emulator',
    AWS_REGION: DEFAULT_REGION,
    AWS_ENDPOINT_URL: url,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: empty,
    AWS_SHARED_CREDENTIALS_FILE: empty,
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
  };
}
