import type { Environment } from '../model/deployment';
import { type Aws, awsCli } from '../operations/aws-cli';
import { digestOf } from '../operations/delivery/digest-file';
import { findEnvironment } from '../operations/delivery/environments';
import { Failed } from '../operations/failed';
import { requireAccount } from '../operations/own-account';
import { type ServiceStatus, serviceStatus, statusText } from '../operations/service-status';
import { withProfile } from './account-reading';
import { EXIT, type Job } from './job';
import { plannedEnvironment, plannedEnvironments } from './planned-environment';
import { openSession } from './session';
import { wordsOf } from './typed-words';
import { UsageError } from './usage-error';

interface Options {
  readonly all: boolean;
  readonly json: boolean;
  readonly profile?: string;
}

/**
 * Shows what runs in an environment, or in all of them.
 *
 * @throws UsageError for wrong words, ProgramFailure if AWS gives no answer
 */
export const status: Job<Options> = async ({ values, positionals }, console, signal) => {
  const [name] = wordsOf(positionals, 1);
  if ((name !== undefined) === values.all) throw new UsageError('status takes an environment, or --all');
  const session = openSession(withProfile(console, values.profile), signal);
  const environments = values.all ? plannedEnvironments() : [plannedEnvironment(name)];
  const found = [];
  for (const { planned } of environments) {
    const { environment } = planned;
    const named = digestOf(session, findEnvironment(session, environment.name));
    const looking = statusOf(environment, named, awsCli(session, environment.region));
    const one = await (values.all ? looking.catch((error) => unreadable(environment, named, error)) : looking);
    found.push(one);
    if (!values.json) console.stdout.write(`${found.length > 1 ? '\n' : ''}${statusText(one)}\n`);
  }
  if (values.json) console.stdout.write(`${JSON.stringify(values.all ? found : found[0], undefined, 2)}\n`);
  return found.some(({ problems }) => problems.length > 0) ? EXIT.failed : EXIT.done;
};

/** @throws Failed if the credentials are for another account */
async function statusOf(environment: Environment, named: string | null, aws: Aws): Promise<ServiceStatus> {
  await requireAccount(aws, environment);
  return serviceStatus(aws, environment, named);
}

/** The status of an environment whose account gives no answer: the others may be in accounts that do. */
function unreadable({ name, url }: Environment, named: string | null, error: unknown): ServiceStatus {
  if (!(error instanceof Failed)) throw error;
  const problems = [error.message.split('\n')[0]!];
  return { environment: name, url, named, images: [], targets: [], rules: [], problems };
}
