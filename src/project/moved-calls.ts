import type { FileChange, WantedFile } from './changes';
import { filesBelow, readSmall } from './files-below';
import { movedIn, movedTo } from './moved-programs';
import { readText } from './owners-text';

/** The part of a sync's outcome that tells which programs moved. */
interface Moving {
  readonly root: string;
  readonly changes: readonly FileChange[];
  readonly wanted: readonly WantedFile[];
  /** Paths of files that their owner made theirs. */
  readonly ejected: readonly string[];
}

/**
 * Warns of owner's files (workflows, scripts, tasks) that call a program that this sync removes or that is already
 * gone; and of programs that became their owner's, which nothing generated runs any more.
 *
 * @returns a line each
 */
export function warnOfMoved({ root, changes, wanted, ejected }: Moving): string[] {
  const after = new Map(changes.map(({ path, content, before }) => [path, content ?? before]));
  const goes = new Set(changes.filter(({ kind }) => kind === 'delete' || kind === 'kept').map(({ path }) => path));
  const there = new Set(filesBelow(root));
  const isGone = (path: string) => goes.has(path) || !there.has(path);
  const calls = [...there]
    // A document may describe the past.
    .filter((path) => !goes.has(path) && movedTo(path) === undefined && !path.endsWith('.md'))
    .flatMap((path) => {
      const content = after.get(path);
      const text = content ? readText(content)?.text : readSmall(root, path)?.text;
      return callsIn(text ?? '')
        .filter(({ program }) => isGone(program))
        .map((call) => ({ path, ...call }));
    });
  const ofFiles = calls.map(({ path, line, program }) => instead(`${path}, line ${line},`, program));
  // The owner's program may put the words of a task together.
  const ofTasks = calls.some(({ path }) => path.startsWith('.projenrc.')) ? [] : tasksCalling(wanted, isGone);
  const theirs = ejected
    .filter((path) => movedTo(path) !== undefined && there.has(path))
    .map(
      (path) =>
        `${path} is yours, and nothing that is generated runs it any more. Instead: ${movedTo(path)}. Delete it, and take it out of ejected in mcp-deploy.json`,
    );
  return [...ofFiles, ...ofTasks, ...theirs];
}

/** The first call of each program in a text. */
function callsIn(text: string): { readonly program: string; readonly line: number }[] {
  const found = new Map<string, number>();
  for (const { 0: program, index } of movedIn(text)) {
    if (!found.has(program)) found.set(program, text.slice(0, index).split('\n').length);
  }
  return [...found].map(([program, line]) => ({ program, line }));
}

interface Tasks {
  readonly tasks?: Readonly<Record<string, { readonly steps?: readonly ProjenStep[] }>>;
}

/** A step has either: a line for a shell, or words that no shell reads. */
interface ProjenStep {
  readonly exec?: string;
  readonly execArgs?: readonly string[];
}

function tasksCalling(wanted: readonly WantedFile[], isGone: (path: string) => boolean): string[] {
  const file = wanted.find(({ path }) => path === '.projen/tasks.json');
  const { tasks = {} } = file ? (JSON.parse(file.content.toString('utf8')) as Tasks) : {};
  return Object.entries(tasks).flatMap(([name, { steps = [] }]) =>
    callsIn(steps.map(({ exec, execArgs = [] }) => exec ?? execArgs.join(' ')).join('\n'))
      .filter(({ program }) => isGone(program))
      .map(({ program }) => instead(`the task ${name}, which .projenrc.js adds,`, program)),
  );
}

function instead(what: string, program: string): string {
  return `${what} calls ${program}, which is gone. Instead: ${movedTo(program)}`;
}
