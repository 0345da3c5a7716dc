import { awsCli } from '../operations/aws-cli';
import { digestOf } from '../operations/delivery/digest-file';
import { findEnvironment } from '../operations/delivery/environments';
import { serviceStatus, statusText } from '../operations/service-status';
import { EXIT, type Job } from './job';
import { plannedEnvironment, plannedEnvironments } from './planned-environment';
import { openSession } from './session';
import { wordsOf } from './typed-words';
import { UsageError } from './usage-error';

interface Options {
  readonly all: boolean;
  readonly json: boolean;
}

/**
 * Shows what runs in an environment, or in all of them.
 *
 * @throws UsageError for wrong words, ProgramFailure if AWS gives no answer
 */
export const status: Job<Options> = async ({ values, positionals }, console, signal) => {
  const [name] = wordsOf(positionals, 1);
  if ((name !== undefined) === values.all) throw new UsageError('status takes an environment, or --all');
  const session = openSession(console, signal);
  const environments = values.all ? plannedEnvironments() : [plannedEnvironment(name)];
  const found = [];
  for (const { planned } of environments) {
    const { environment } = planned;
    const named = digestOf(session, findEnvironment(session, environment.name));
    const one = await serviceStatus(awsCli(session, environment.region), environment, named);
    found.push(one);
    if (!values.json) console.stdout.write(`${found.length > 1 ? '\n' : ''}${statusText(one)}\n`);
  }
  if (values.json) console.stdout.write(`${JSON.stringify(values.all ? found : found[0], undefined, 2)}\n`);
  return found.some(({ problems }) => problems.length > 0) ? EXIT.failed : EXIT.done;
};
