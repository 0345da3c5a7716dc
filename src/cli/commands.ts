import type { Command } from './command';
import { analyze } from './commands/analyze';
import { attestImage } from './commands/attest-image';
import { cdk } from './commands/cdk';
import { check } from './commands/check';
import { checkSignature } from './commands/check-signature';
import { conventions } from './commands/conventions';
import { cost } from './commands/cost';
import { deploy } from './commands/deploy';
import { diff } from './commands/diff';
import { drift } from './commands/drift';
import { eject } from './commands/eject';
import { env } from './commands/env';
import { github } from './commands/github';
import { image } from './commands/image';
import { logs } from './commands/logs';
import { promote } from './commands/promote';
import { publishImage } from './commands/publish-image';
import { reportPlan } from './commands/report-plan';
import { rollback } from './commands/rollback';
import { scanImage } from './commands/scan-image';
import { setImage } from './commands/set-image';
import { stack } from './commands/stack';
import { status } from './commands/status';
import { sync } from './commands/sync';
import { upgrade } from './commands/upgrade';
import { verify } from './commands/verify';
import { workflow } from './commands/workflow';

/** The commands beside the main job, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  ...[analyze, conventions, sync, diff, upgrade, env, github, eject],
  ...[deploy, stack, cdk],
  ...[publishImage, scanImage, attestImage, promote, rollback, setImage, checkSignature],
  ...[check, reportPlan, drift, verify, status, logs, cost, image],
  workflow,
];

/** The command that a word names, or undefined. */
export function findCommand(word: string | undefined): Command | undefined {
  return COMMANDS.find(({ name }) => name === word);
}
