import { posix } from 'node:path';

/** Headings that explain the patterns to the reader of the file. */
const HEADING =
  '# What is generated is committed, whatever the ignore file of a machine or of a repository around this one says.';
const REST = '# What tools leave behind.';

/** Files that a repository has later on: locks, the package of the generator, reports of upgrades, own Terraform files. */
const LATER = ['package-lock.json', 'vendor/package.tgz', 'docs/upgrades/report.json', 'docs/upgrades/report.md'];

/** Files beside which an owner may keep some of the same kind out of git: variables with secrets, Terraform's overrides. */
const BY_NAME = /^deploy\/.*\.(json|tf)$/;

/**
 * The patterns of a `.gitignore` that take in again what other ignore files leave out, as `*.tfvars.json` and `*.tgz`
 * of GitHub's templates for Terraform and Node. A nearer file wins over those, and so do its later lines over these.
 *
 * Files are named as closely as a short list can, so that other patterns of a machine's ignore file still work. Git
 * never looks into an ignored folder, so the folders are named, too: those whose name begins with a letter.
 *
 * @param files every generated file, from the repository's root, with `/` between folders
 * @param lockFiles patterns of the files that tools write and that are committed, see {@link TargetGenerator}
 */
export function takenIn(files: readonly string[], lockFiles: readonly string[]): string[] {
  const all = [...new Set([...files, ...LATER])].sort();
  const root = all.filter((path) => !path.includes('/')).map((path) => `!/${path}`);
  const folders = [...new Set(all.filter((path) => path.includes('/')).map((path) => path.split('/')[0]!))];
  const below = folders.flatMap((folder) => {
    const inside = all.filter((path) => path.startsWith(`${folder}/`));
    const hasFolders = inside.some((path) => path.split('/').length > 2);
    const names = inside.map((path) => {
      const name = posix.basename(path);
      const extension = posix.extname(name);
      return extension === '' || BY_NAME.test(path) ? name : `*${extension}`;
    });
    return [
      `!/${folder}/`,
      ...(hasFolders ? [`!/${folder}/**/[A-Za-z]*/`] : []),
      ...[...new Set(names)].sort().map((name) => `!/${folder}/**/${name}`),
    ];
  });
  const locks = lockFiles.map((pattern) => `!${pattern}`);
  return [HEADING, ...root, ...below, ...locks, REST];
}
