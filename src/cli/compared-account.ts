import { CatalogError } from '../discovery/catalog';
import { DEPLOYMENT_CHECKS, judge } from '../discovery/findings';
import type { Catalog } from '../discovery/snapshot';
import { ExitError } from '../exit';
import type { ComparedAccount } from '../operations/delivery/drift';
import { catalogAt, type Out, readByCli } from './account-reading';
import { contradicted, plannedEnvironment, startByAnswers } from './planned-environment';

/**
 * Compares the account of an environment with its answers, by the same reading as the command `check`. If it cannot be read, there is
 * nothing, and a line that says why.
 */
export async function compareAccount(name: string, out: Out, signal: AbortSignal): Promise<ComparedAccount> {
  try {
    const found = plannedEnvironment(name);
    const { planned } = found;
    const { environment } = planned;
    const snapshot = await readByCli(startByAnswers(planned), { verbose: false }, out, signal);
    // The credentials may be of another account, about which the answers say nothing.
    if (snapshot.parts.identity?.account !== environment.account) return NOTHING;
    return {
      changes: contradicted(found, snapshot, await readCatalog(environment.catalogUrl, signal)),
      findings: judge(snapshot, planned, DEPLOYMENT_CHECKS, new Date()).findings.filter(
        ({ severity }) => severity !== 'note',
      ),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ExitError)) throw error;
    out.stderr.write(`! The answers were not compared with the account: ${error.message}\n`);
    return NOTHING;
  }
}

const NOTHING: ComparedAccount = { changes: [], findings: [] };

/** The catalog; undefined if it is not reached from here. */
async function readCatalog(url: string, signal: AbortSignal): Promise<Catalog | undefined> {
  try {
    return await catalogAt(url, signal);
  } catch (error) {
    if (error instanceof CatalogError) return undefined;
    throw error;
  }
}
