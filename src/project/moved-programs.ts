/** A program that repositories had as a file, and what took its place. */
interface MovedProgram {
  /** Its path from the root, as a pattern without anchors. */
  readonly path: string;
  readonly instead: string;
}

const COMMAND = 'npx create-quilt-mcp-deploy';

/** Every program that moved. */
const MOVED: readonly MovedProgram[] = [
  {
    path: 'deploy/delivery/main\\.mjs',
    instead: `${COMMAND} with the same words; for the questions of workflows, ${COMMAND} workflow, see its --help`,
  },
  { path: 'deploy/delivery/[\\w-]+\\.mjs', instead: `${COMMAND}, see its --help` },
  { path: 'docker/image\\.mjs', instead: `${COMMAND} image` },
  { path: 'deploy/cloudformation/stack\\.mjs', instead: `${COMMAND} stack, with the same words` },
  { path: 'deploy/cdk/bin/(?:actions|deploy|parameters|plan)\\.mjs', instead: `${COMMAND} cdk, see its --help` },
  { path: '\\.github/scripts/drift\\.sh', instead: 'node .github/scripts/drift.mjs, with the same words' },
  { path: '\\.github/scripts/image\\.sh', instead: 'node .github/scripts/image.mjs, with the same words' },
  { path: '\\.github/scripts/plan\\.sh', instead: 'node .github/scripts/plan.mjs, with the same words' },
  { path: '\\.github/scripts/upgrade\\.sh', instead: 'node .github/scripts/upgrade.mjs, with the same words' },
  {
    path: '\\.github/scripts/github\\.sh',
    instead: 'gh and git themselves; no other file of .github/scripts needs it',
  },
];

/** The successor of a program; undefined if it did not move. */
export function movedTo(path: string): string | undefined {
  return MOVED.find((one) => new RegExp(`^${one.path}$`).test(path))?.instead;
}

/** Every moved path within a text, that is not the end of another name. */
export function movedIn(text: string): RegExpMatchArray[] {
  return [...text.matchAll(new RegExp(`(?<![\\w.-])(?:${MOVED.map(({ path }) => path).join('|')})(?![\\w.-])`, 'g'))];
}
