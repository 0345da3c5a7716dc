import { awsCli } from '../operations/aws-cli';
import { requireAccount } from '../operations/own-account';
import { errorMarkers, printLogs, spanOf } from '../operations/service-logs';
import { withProfile } from './account-reading';
import { EXIT, type Job } from './job';
import { plannedEnvironment } from './planned-environment';
import { openSession } from './session';
import { wordsOf } from './typed-words';
import { UsageError } from './usage-error';

interface Options {
  readonly since?: string;
  readonly follow: boolean;
  readonly errors: boolean;
  readonly profile?: string;
}

/**
 * Shows the log of the server of an environment.
 *
 * @throws UsageError for wrong words, ProgramFailure if AWS gives no answer
 */
export const logs: Job<Options> = async ({ values, positionals }, console, signal) => {
  const [name] = wordsOf(positionals, 1);
  const { since = '1h', follow, errors } = values;
  const span = spanOf(since);
  if (span === undefined)
    throw new UsageError(`--since takes 1 to 9999 with s, m, h or d, such as 15m or 7d, not ${JSON.stringify(since)}`);
  const { planned, conventions } = plannedEnvironment(name);
  const session = openSession(withProfile(console, values.profile), signal);
  const { region, service } = planned.environment;
  const aws = awsCli(session, region);
  await requireAccount(aws, planned.environment);
  const lines = await printLogs(
    aws,
    { group: service.logGroup.name, since: Date.now() - span, markers: errors ? errorMarkers(conventions) : [] },
    { follow, signal, out: console.stdout },
  );
  if (lines === 0)
    console.stderr.write(`No ${errors ? 'such line' : 'line'} in ${service.logGroup.name} since ${since} ago.\n`);
  return EXIT.done;
};
