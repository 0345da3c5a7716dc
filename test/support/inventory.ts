import { awsClients } from '../../src/rehearsal/clients';
import { DEFAULT_REGION, type Emulator } from '../../src/rehearsal/emulator';
import { READERS } from './account-readers';

/**
 * Every live resource of the account, of each kind that a deployment may create, as sorted lines `kind identity`; what a
 * resource consists of is in its line where it has no name (rules, record sets). What AWS keeps of a deleted resource
 * does not count (INACTIVE services and task definitions), nor do Terraform's own state objects.
 */
export async function takeInventory(emulator: Emulator, region: string = DEFAULT_REGION): Promise<string[]> {
  const clients = awsClients(emulator, region);
  const answers = await Promise.all(READERS.map((read) => read(clients)));
  return answers
    .flat()
    .flatMap(({ name, generated, lines = [[name, ...generated].join(' ')] }) => lines)
    .sort();
}
