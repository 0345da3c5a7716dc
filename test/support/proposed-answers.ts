import { analysisOf } from '../../src/analysis/analysis';
import type { EnvironmentAnswers } from '../../src/config/environment';
import { readAccount } from '../../src/discovery/reading';
import type { Emulator } from '../../src/rehearsal/emulator';
import type { EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { startAsker } from './ask';

/** The answers that a reading of an emulated account proposes for an environment behind its Quilt stack. */
export async function proposedBehind(
  emulator: Emulator,
  { catalogHost, registryHost, region }: EmulatedQuiltStack,
): Promise<Partial<EnvironmentAnswers>> {
  const asker = startAsker(emulator, region);
  const url = `https://${catalogHost}`;
  const catalog = {
    source: `${url}/config.json`,
    url,
    host: catalogHost,
    region,
    registryUrl: `https://${registryHost}`,
  };
  try {
    return analysisOf(await readAccount(asker.ask, { region, catalog }, new Date())).answers;
  } finally {
    asker.stop();
  }
}
