import { command } from '../command';
import { EXIT } from '../job';
import { openSession } from '../session';

export const workflow = command({
  name: 'workflow',
  group: 'workflows',
  usage: 'WORD',
  help: 'what a job of a workflow asks before and after it acts',
  about:
    'Answers what jobs of the emitted workflows ask, as their outputs. The variable ENVIRONMENT names the environment, and ENVIRONMENTS several of them, as a list in JSON: what somebody typed is no word of this command line.',
  words: [
    ['list', 'the environments that workflows act in; with ENVIRONMENT, the one before that, too'],
    ['context DUTY', 'the role of publish, plan or deploy, and where it acts'],
    ['changed', 'the environments that the push since the commit BEFORE changed something of; or ENVIRONMENT'],
    ['planned FOLDER', 'those of ENVIRONMENTS that have something to change, by the actions in the folder'],
    ['approved FOLDER', 'refuses a deployment that would do anything else than these actions'],
    ['current FOLDER', 'refuses a deployment of what is not the newest, by a working copy of that'],
    ['tools', 'refuses a runner that lacks a program'],
    ['outcome FOLDER PLANS', 'says what became of each of ENVIRONMENTS'],
  ],
  failure: 'refused',
  options: { 'left-out': { type: 'boolean', help: 'list: name those without an image in the summary' } },
  run: async ({ values, positionals }, console, signal) => {
    const { askedByWorkflow } = await import('../workflow');
    await askedByWorkflow(openSession(console, signal), positionals, { sayLeftOut: values['left-out'] });
    return EXIT.done;
  },
});
