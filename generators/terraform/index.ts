import { haveRolesAlone } from '../../src/model/delivery/roles';
import type { TargetGenerator } from '../target';
import { FOLDER, rootOf, rootsOf, terraformFiles } from './files';
import { terraformGuide } from './guide';
import { terraformPlans } from './plans';
import { stateChecks } from './state-checks';
import { terraformTasks } from './tasks';

export const terraform: TargetGenerator = {
  files: terraformFiles,
  tasks: terraformTasks,
  // With -input, the task runner would take -i for its own option, and only print the commands.
  unattended: ['--auto-approve', '--input=false'],
  unattendedPlan: ['--input=false', '--lock=false'],
  // Terraform itself comes with the workflow, as an archive.
  deploysWith: ['unzip'],
  guide: terraformGuide,
  deployedChecks: stateChecks,
  drift: (environment) => ({ terraform: rootsOf(environment) }),
  actions: ({ name }) => ({ terraform: rootOf(name, 'service') }),
  deployed: ({ environments }) => ({
    own: [`${rootOf('*', 'service')}/**`],
    shared: [`${FOLDER}/modules/**`],
    not: [
      // Of the layers that are deployed by hand.
      ...['registry', ...(haveRolesAlone(environments) ? ['roles'] : [])].map((name) => `${FOLDER}/modules/${name}/**`),
      ...[`${FOLDER}/modules/*/examples/**`, `${FOLDER}/**/tests/**`],
    ],
  }),
  plans: terraformPlans,
  // Not .terraform.lock.hcl, which must be committed.
  ignored: [
    '.terraform/',
    '*.tfstate',
    '*.tfstate.*',
    '*.tfplan',
    '.terraform.tfstate.lock.info',
    '.terraformrc',
    'terraform.rc',
    'crash.log',
    'crash.*.log',
  ],
  lockFiles: ['.terraform.lock.hcl'],
  devDependencies: [],
};
