import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { cost } from '../../../src/cli/commands/cost';
import type { Console } from '../../../src/cli/console';
import { dispatch } from '../../../src/cli/dispatch';
import { exampleAnswers, exampleEnvironment } from '../../../src/config/example';
import { PRODUCTS } from '../../support/price-list';
import { standIn } from '../../support/stand-in';

describe('the command cost', () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'cost-')));
    const environments = {
      dev: exampleEnvironment('dev', 1),
      europe: exampleEnvironment('europe', 2, undefined, { region: 'eu-west-1' }),
    };
    writeFileSync(join(root, 'mcp-deploy.json'), JSON.stringify({ ...exampleAnswers(), environments }));
    vi.spyOn(process, 'cwd').mockReturnValue(root);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(root, { recursive: true, force: true });
  });

  async function run(...words: string[]) {
    const said = { out: '', err: '' };
    const console = {
      stdin: process.stdin,
      stdout: { write: (text: string) => (said.out += text) },
      stderr: { write: (text: string) => (said.err += text) },
      env: { PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}` },
    } as unknown as Console;
    const exitCode = await dispatch(cost, words, console, new AbortController().signal);
    return { exitCode, ...said };
  }

  it('the command cost says each line of an environment, what is assumed, and what is left out', async () => {
    const { exitCode, out } = await run('dev');
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /^dev, us-east-1 \(AWS's pricing pages, 2026-11\):\n {2}1 task with 0\.5 vCPU and 1 GB, all month {2}\$18\n/,
    );
    expect(out).toMatch(/^ {2}together +\$19 to \$24 a month$/m);
    expect(out).toContain('Assumed:\n- A month has 730 hours');
    expect(out).toContain('Not counted:\n- The load balancer');
    expect(out).not.toContain('europe');
  });

  it('the command cost has no number for a region that it does not know, and asks AWS for it with --refresh', async () => {
    const { out } = await run();
    expect(out).toContain('europe: not known for eu-west-1; npm run cost -- --refresh asks AWS\n');
    expect(out).not.toContain('Together');
    expect(JSON.parse((await run('--json')).out)).toMatchObject({ currency: 'USD', total: null });

    const listed = Object.entries(PRODUCTS).map(([service, PriceList]) => [
      `pricing get-products --region us-east-1 --service-code ${service}`,
      { PriceList },
    ]);
    const calls = standIn(root, 'aws', Object.fromEntries(listed));
    const fresh = await run('europe', '--refresh', '--json');
    expect([fresh.exitCode, fresh.err]).toEqual([0, '']);
    expect(calls().every((call) => call.includes('Value=eu-west-1'))).toBe(true);
    const { costs, total } = JSON.parse(fresh.out);
    expect(costs[0]).toMatchObject({ name: 'europe', region: 'eu-west-1', prices: { source: "AWS's price list" } });
    expect(total.least).toBeGreaterThan(18);
  });

  it('the command cost says why AWS gives it no prices', async () => {
    standIn(root, 'aws', {
      'pricing get-products': {
        error: 'An error occurred (AccessDeniedException) when calling the GetProducts operation',
      },
    });
    await expect(run('dev', '--refresh')).rejects.toThrow('AccessDeniedException');
  });

  it('the command cost refuses an environment that is not there', async () => {
    await expect(run('nowhere')).rejects.toThrow('there is no environment nowhere: dev, europe');
  });
});
