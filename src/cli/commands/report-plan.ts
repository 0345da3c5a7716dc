import { PURPOSES } from '../../operations/delivery/purposes';
import { command } from '../command';
import { ENV } from '../delivery-options';
import { EXIT } from '../job';
import { openSession } from '../session';
import { typedPath, wordsOf } from '../typed-words';

export const reportPlan = command({
  name: 'report-plan',
  group: 'delivery',
  usage: 'ENV',
  help: PURPOSES['report-plan'],
  about: 'Shows what a deployment of ENV would change, as far as the planning role can see. It changes nothing.',
  words: [ENV],
  failure: 'ENV cannot be planned',
  options: {
    report: { type: 'string', value: 'FILE', help: 'a file that gets the plan, too' },
    actions: {
      type: 'string',
      value: 'FOLDER',
      help: 'a folder for the planned actions, the only ones that a deployment may do; the plan goes into the summary of the run',
    },
  },
  run: async ({ values, positionals }, console, signal) => {
    const [name] = wordsOf(positionals, 1);
    const { findEnvironment } = await import('../../operations/delivery/environments');
    const { reportPlan } = await import('../../operations/delivery/plan-report');
    const session = openSession(console, signal);
    const paths = { report: typedPath(values.report), actions: typedPath(values.actions) };
    await reportPlan(session, findEnvironment(session, name), paths);
    return EXIT.done;
  },
});
