import type { Given } from './answers';

/** Options of the command line. */
export interface CreateOptions extends Given {
  /** Directory to write to, as typed; absent, the command asks for it. */
  readonly directory: string | undefined;
  readonly yes: boolean;
  /** Profile of the AWS CLI that each account is read by. */
  readonly profile: string | undefined;
  readonly resume: boolean;
  readonly 'dry-run': boolean;
  readonly 'no-install': boolean;
  readonly 'no-git': boolean;
  readonly json: boolean;
}
