import { deliveryOf } from '../src/model/delivery/first-layer';
import type { Deployment } from '../src/model/deployment';
import { SUFFIXES } from '../src/model/names';
import { deployJobMinutes, USUAL_SESSION } from '../src/model/shift-time';
import { COSIGN, REGCTL } from '../src/operations/delivery/tools';
import { otherAudience, sessionMinutes } from './delivery';
import { deployedFiles } from './delivery-files';
import type { GeneratedFile } from './file';
import { targetGenerator } from './targets';
import type { Templates } from './templates';

/** Folders below `.github/`, with the same names in the templates. */
const PROGRAMS = ['drift.mjs', 'image.mjs', 'plan.mjs', 'upgrade.mjs'];

/** Paths whose push may change a deployment; a program works out the environments. */
function deployedPaths(deployment: Deployment): string[] {
  const { own, shared, not } = deployedFiles(deployment);
  return [...own, ...shared, ...not.map((pattern) => `!${pattern}`)];
}

/** The workflows of GitHub Actions, their scripts, and the configuration of their linter. */
export function workflows(deployment: Deployment, templates: Templates): GeneratedFile[] {
  const { target, repository, environments } = deployment;
  const { unattended } = targetGenerator(target);
  const session = Math.max(...environments.map(sessionMinutes));
  const context = {
    target,
    app: repository.app ?? null,
    regctl: REGCTL,
    cosign: COSIGN,
    unattended: unattended.join(' '),
    history: null,
    // The GitHub environment of a duty has the suffix of its role.
    suffixes: SUFFIXES,
    sharing: environments.some(({ registry }) => !registry),
    // If the action's default is right everywhere, the step does not say it.
    otherAudience: environments.some((environment) => {
      const delivery = deliveryOf(environment);
      return delivery && otherAudience(delivery);
    }),
    longSessions: session > USUAL_SESSION,
    deployMinutes: deployJobMinutes(session),
    deployed: deployedPaths(deployment),
    verifiesSignatures: environments.some(({ access }) => access.verifySignature),
    // The data names the runners: a label may be any text, and environments may differ.
    ownRunners: environments.some(({ access }) => access.runner !== undefined),
  };
  const texts = [
    ...templates.below('workflows').map((name) => [name, templates.render(name, context)] as const),
    ...PROGRAMS.map((name) => [`scripts/${name}`, templates.bundle(name)] as const),
  ];
  const files = texts.map(
    ([name, content]): GeneratedFile => ({
      path: `.github/${name}`,
      content,
      ownership: 'managed',
      instead: 'add a workflow of your own beside it',
    }),
  );
  const rules = templates.render('repository/yamllint.yaml', {});
  return [...files, { path: '.yamllint.yaml', content: rules, ownership: 'merged' }];
}
