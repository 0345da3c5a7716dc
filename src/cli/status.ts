import type { Environment } from '../model/deployment';
import { awsCli } from '../operations/aws-cli';
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
    const one = await statusOf(environment, named, values.all);
    found.push(one);
    if (!values.json) console.stdout.write(`${found.length > 1 ? '\n' : ''}${statusText(one)}\n`);
  }
  async function statusOf(environment: Environment, named: string | null, goesOn: boolean): Promise<ServiceStatus> {
    const aws = awsCli(session, environment.region);
    try {
      await requireAccount(aws, environment);
      return await serviceStatus(aws, environment, named);
    } catch (error) {
      // The others may be in accounts that answer.
      if (!goesOn || !(error instanceof Failed)) throw error;
      const { name, url } = environment;
      return {
        environment: name,
        url,
        named,
        images: [],
        targets: [],
        rules: [],
        problems: [error.message.split('\n')[0]!],
      };
    }
  }

  if (values.json) console.stdout.write(`${JSON.stringify(values.all ? found : found[0], undefined, 2)}\n`);
  return found.some(({ problems }) => problems.length > 0) ? EXIT.failed : EXIT.done;
};
