/** A program that repositories had as a file, and the command of this package that took its place. */
interface MovedProgram {
  /** Its path from the root, as a pattern without anchors. */
  readonly path: string;
  readonly command: string;
}

const COMMAND = 'npx create-quilt-mcp-deploy';

/** Every program that moved. */
const MOVED: readonly MovedProgram[] = [
  {
    path: 'deploy/delivery/main\\.mjs',
    command: `${COMMAND} with the same words; for the questions of workflows, ${COMMAND} workflow, see its --help`,
  },
  { path: 'deploy/delivery/[\\w-]+\\.mjs', command: `${COMMAND}, see its --help` },
  { path: 'docker/image\\.mjs', command: `${COMMAND} image` },
  { path: 'deploy/cloudformation/stack\\.mjs', command: `${COMMAND} stack, with the same words` },
  { path: 'deploy/cdk/bin/(?:actions|deploy|parameters|plan)\\.mjs', command: `${COMMAND} cdk, see its --help` },
];

/** The command that took the place of a program, or undefined. */
export function movedTo(path: string): string | undefined {
  return MOVED.find((one) => new RegExp(`^${one.path}$`).test(path))?.command;
}

/** Every moved path within a text, that is not the end of another name. */
export function movedIn(text: string): RegExpMatchArray[] {
  return [...text.matchAll(new RegExp(`(?<![\\w.-])(?:${MOVED.map(({ path }) => path).join('|')})(?![\\w.-])`, 'g'))];
}
