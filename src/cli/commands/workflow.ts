import { command } from '../command';
import { EXIT } from '../job';
import { openSession } from '../session';

export const workflow = command({
  name: 'workflow',
  group: 'workflows',
  usage: 'WORD',
  help: 'answer what a job of a workflow asks before and after it acts',
  about:
    'Answers what jobs of the emitted workflows ask, as their outputs. The variable ENVIRONMENT names the environment, and ENVIRONMENTS several of them, as a list in JSON: typed text never becomes a word of this command line.',
  words: [
    ['list', 'the environments that workflows act in; with ENVIRONMENT, the one before that, too'],
    ['context DUTY', 'the role of publish, plan or deploy, and where it acts'],
    ['changed', 'the environments that the push since the commit BEFORE changed; or ENVIRONMENT'],
    ['planned FOLDER', 'those of ENVIRONMENTS that have something to change, by the actions in the folder'],
    [
      'check [FOLDER]',
      'looks in the account, and refuses a deployment that would fail or not be reached; none that has no actions in the folder',
    ],
    [
      'approved FOLDER',
      'refuses a deployment that would do anything but these actions, and keeps the plan of Terraform there',
    ],
    ['current FOLDER', 'refuses a deployment whose files differ in the newest working copy, in the folder'],
    ['tools', 'refuses a runner that lacks a program'],
    ['outcome FOLDER PLANS', 'reports the result of each of ENVIRONMENTS'],
  ],
  failure: 'refused',
  options: { 'left-out': { type: 'boolean', help: 'list: name those without an image in the summary' } },
  run: async ({ values, positionals }, console, signal) => {
    const { askedByWorkflow } = await import('../workflow');
    await askedByWorkflow(openSession(console, signal), positionals, { sayLeftOut: values['left-out'] });
    return EXIT.done;
  },
});
