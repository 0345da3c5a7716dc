import type { TestEngine } from '../target';
import { OLDEST_TERRAFORM } from './versions';

/** Terraform itself: the tests of a repository format, validate and plan with it. */
export const terraformEngine: TestEngine = {
  command: 'terraform',
  args: ['version', '-json'],
  reasonAgainst: (output) => {
    const version = /"terraform_version":\s*"(\d+)\.(\d+)\.[^"]*"/.exec(output);
    if (!version) {
      return 'terraform does not say its version';
    }
    const [oldestMajor, oldestMinor] = OLDEST_TERRAFORM.split('.').map(Number);
    const [major, minor] = [Number(version[1]), Number(version[2])];
    const old = major < oldestMajor! || (major === oldestMajor && minor < oldestMinor!);
    return old ? `terraform ${major}.${minor} is older than ${OLDEST_TERRAFORM}` : undefined;
  },
};
