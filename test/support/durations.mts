import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reporter, TestModule } from 'vitest/node';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILE = fileURLToPath(new URL('../durations.json', import.meta.url));

/** Seconds that each suite took when they were last written, by its path. */
export function knownDurations(): Readonly<Record<string, number>> {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, number>;
}

/** The path of a suite as the file of durations has it. */
export function pathOf(moduleId: string): string {
  return relative(ROOT, moduleId).split(sep).join('/');
}

/** Writes the file of durations, if DURATIONS is set to `write`. */
export default class Durations implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (process.env.DURATIONS !== 'write') return;
    // Without the loading of a suite, in which it waits for its engines.
    const measured = modules.map(
      (module) => [pathOf(module.moduleId), Math.round(module.diagnostic().duration / 1000)] as const,
    );
    const known = Object.entries(knownDurations()).filter(([path]) => existsSync(`${ROOT}${path}`));
    const all = Object.fromEntries([...known, ...measured].sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(FILE, `${JSON.stringify(all, undefined, 2)}\n`);
  }
}
