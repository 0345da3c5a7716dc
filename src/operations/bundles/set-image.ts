import { setImage } from '../delivery/set-image';
import { withoutReason } from '../delivery/unsigned';
import { Failed } from '../failed';

/** The command `set-image`, in the root of a working copy, for a job that installs no packages. */
function main(args: readonly string[]): void {
  const { words, unsigned } = withoutReason(args);
  const [name, digest] = words;
  try {
    setImage({ root: process.cwd(), env: process.env, stdout: process.stdout }, name, digest, unsigned);
  } catch (error) {
    console.error(error instanceof Failed ? `✗ ${error.message}` : error);
    process.exitCode = 1;
  }
}

main(process.argv.slice(2));
