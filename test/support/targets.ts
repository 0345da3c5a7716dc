import { delimiter, dirname } from 'node:path';

import type { Answers } from '../../src/config/repository';
import type { Behaviour } from '../../src/rehearsal/cloudformation/account';
import { startCloudFormation } from '../../src/rehearsal/cloudformation/server';
import type { Emulator } from '../../src/rehearsal/emulator';
import type { Engine } from './engines';
import { EMULATOR, emulatorProgram } from './engines/emulator';
import { TERRAFORM_CLI } from './engines/terraform';

/** How the tasks of a repository are run against the emulator, by target. */
export interface TargetUnderTest {
  readonly target: NonNullable<Answers['target']>;
  /** What a suite that deploys with it needs. */
  readonly engines: readonly Engine[];
  /** Arguments with which `registry:` and `deploy:` do not ask. */
  readonly approved: readonly string[];
  /** Arguments with which `destroy:` does not ask. */
  readonly destroyApproved: readonly string[];
  /** What `plan:` says where there is nothing to change. */
  readonly unchanged: RegExp;
  /** What a task says where no image is published; white space and frames are left out before. */
  readonly unpublished: RegExp;
  /** Whether ACM's validation record stays in the hosted zone when the certificate that was issued for it goes. */
  readonly keepsValidationRecord: boolean;
  /** The environment of the tasks, and what ends what they talk to. The behaviour is that of CloudFormation. */
  readonly start: (
    emulator: Emulator,
    behaviour?: Behaviour,
  ) => Promise<{ readonly env: NodeJS.ProcessEnv; readonly stop: () => Promise<void> }>;
}

/** Arguments for `deploy:` in a suite that is not about the look in the account before, which starts many programs. */
export function withoutCheck(approved: readonly string[]): string[] {
  return ['--no-check', ...approved];
}

/** Arguments with which a task neither asks nor looks in the account. */
export function wordsFor(task: string, { approved, destroyApproved }: TargetUnderTest): readonly string[] {
  const of: Readonly<Record<string, readonly string[]>> = {
    registry: approved,
    deploy: withoutCheck(approved),
    destroy: destroyApproved,
  };
  return of[task] ?? [];
}

/** The AWS CLI on the PATH, as on that of who runs the tasks. */
const withAws = () => `${dirname(emulatorProgram('aws'))}${delimiter}${process.env.PATH}`;

/** CloudFormation in front of the emulator, and the AWS CLI on the PATH. */
async function behindCloudFormation(emulator: Emulator, behaviour?: Behaviour) {
  const server = await startCloudFormation(emulator, behaviour);
  return { env: { ...server.env, PATH: withAws() }, stop: () => server.stop() };
}

export const TERRAFORM: TargetUnderTest = {
  target: 'terraform',
  engines: [EMULATOR, TERRAFORM_CLI],
  approved: ['-auto-approve'],
  destroyApproved: ['-auto-approve'],
  unchanged: /No changes/,
  unpublished: /No image is published .* write its digest to deploy\/images/,
  keepsValidationRecord: false,
  start: async ({ env }) => ({ env: { ...env, PATH: withAws() }, stop: async () => {} }),
};

export const CLOUDFORMATION: TargetUnderTest = {
  target: 'cloudformation',
  engines: [EMULATOR],
  approved: ['--yes'],
  destroyApproved: ['--yes'],
  unchanged: /no changes/,
  unpublished: /No image is published .* write its digest to deploy\/images/,
  keepsValidationRecord: true,
  start: behindCloudFormation,
};

export const CDK: TargetUnderTest = {
  target: 'cdk',
  engines: [EMULATOR],
  approved: ['--require-approval', 'never'],
  destroyApproved: ['--force'],
  unchanged: /There were no differences|\(no changes\)/,
  unpublished: /No image is published .* write its digest to deploy\/images/,
  keepsValidationRecord: true,
  // The CDK's own check of its templates takes as long as all else; the suites of the app and of parity make it.
  start: async (emulator, options) => {
    const { env, stop } = await behindCloudFormation(emulator, options);
    return { env: { ...env, CDK_VALIDATION: 'false' }, stop };
  },
};
