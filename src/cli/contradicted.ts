import { CatalogError } from '../discovery/catalog';
import type { ChangedAnswer } from '../discovery/changed-answers';
import type { Catalog } from '../discovery/snapshot';
import { ExitError } from '../exit';
import { catalogAt, type Out, readByCli } from './account-reading';
import { contradicted, plannedEnvironment, startByAnswers } from './planned-environment';

/**
 * Answers of an environment that a reading of its account contradicts; none, and a line that says why, if it cannot be read.
 */
export async function readContradicted(name: string, out: Out, signal: AbortSignal): Promise<ChangedAnswer[]> {
  try {
    const found = plannedEnvironment(name);
    const { environment } = found.planned;
    const snapshot = await readByCli(startByAnswers(found.planned), { verbose: false }, out, signal);
    return contradicted(found, snapshot, await readCatalog(environment.catalogUrl, signal));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ExitError)) throw error;
    out.stderr.write(`! The answers were not compared with the account: ${error.message}\n`);
    return [];
  }
}

/** The catalog; undefined if it is not reached from here. */
async function readCatalog(url: string, signal: AbortSignal): Promise<Catalog | undefined> {
  try {
    return await catalogAt(url, signal);
  } catch (error) {
    if (error instanceof CatalogError) return undefined;
    throw error;
  }
}
