import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

// Measures what a user waits for: the whole process that emits the example of three environments, from the package as
// npm packs it, beside create-vite's in the same run, in turns. Prints medians and peak memory, and the ratio.

const RUNS = 10;
const ROOT = resolve(__dirname, '..');

interface Contender {
  readonly name: string;
  readonly args: (directory: string) => string[];
}

function main(): void {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const contenders = [ours(scratch), createVite()];
    const peak = peakMemoryHook(scratch);
    const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
    for (let run = 0; run <= RUNS; run++) {
      for (const contender of contenders) {
        const seconds = measure(contender, join(scratch, `run-${run}`));
        // The first run of each warms the file system's cache.
        if (run > 0) {
          times.get(contender.name)!.push(seconds);
        }
      }
    }
    const rows = contenders.map((contender) => ({
      command: contender.name,
      'median s': median(times.get(contender.name)!).toFixed(3),
      'peak MB': (peak(contender) / 1024).toFixed(0),
    }));
    console.table(rows);
    const [own, peer] = contenders.map(({ name }) => median(times.get(name)!));
    console.log(`${(own! / peer!).toFixed(2)} × create-vite (limit: 3), Node ${process.version}, ${RUNS} runs each`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function ours(scratch: string): Contender {
  const packed = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', scratch], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  execFileSync('tar', ['-xzf', join(scratch, packed.trim()), '-C', scratch]);
  const command = join(scratch, 'package/lib/cli.js');
  return {
    name: 'create-quilt-mcp-deploy',
    args: (directory) => [command, directory, '--yes', '--no-install', '--no-git'],
  };
}

function createVite(): Contender {
  const command = join(dirname(require.resolve('create-vite/package.json')), 'index.js');
  return {
    name: 'create-vite',
    args: (directory) => [command, directory, '--template', 'vanilla', '--no-interactive'],
  };
}

/** Seconds that one whole process takes. */
function measure({ name, args }: Contender, directory: string, env: NodeJS.ProcessEnv = {}): number {
  const cwd = dirname(directory);
  const target = `${directory.slice(cwd.length + 1)}-${name}`;
  const start = process.hrtime.bigint();
  execFileSync(process.execPath, args(target), {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (readdirSync(join(cwd, target)).length === 0) {
    throw new Error(`${name} emitted nothing`);
  }
  return seconds;
}

/** Runs a contender once more, apart from the timing, and returns its peak resident set in KiB. */
function peakMemoryHook(scratch: string): (contender: Contender) => number {
  const hook = join(scratch, 'peak.cjs');
  const report = join(scratch, 'peak.txt');
  writeFileSync(
    hook,
    `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(report)}, String(process.resourceUsage().maxRSS)));\n`,
  );
  return (contender) => {
    measure(contender, join(scratch, 'peak'), { NODE_OPTIONS: `--require ${hook}` });
    return Number(readFileSync(report, 'utf8'));
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

main();
