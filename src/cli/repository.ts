import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { ANSWERS_FILE } from '../config/answers-file';
import { parseAnswers } from '../config/parse';
import { isObject, type PlainObject } from '../config/paths';
import type { Answers } from '../config/repository';
import { childEnvironment } from '../operations/child-environment';
import { excerpt } from '../operations/excerpt';
import { Failed } from '../operations/failed';
import { whyFailed } from '../operations/program';
import { repositoryRoot } from '../operations/repository-root';
import { pinIn } from '../project/manifest';
import { BASE_FILE, type BaseEntry, parseBase } from '../project/merge-base';
import { PACKAGE_JSON } from '../project/package-json';
import { ownPackage } from '../project/package-root';
import { QuiltMcpDeployProject } from '../project/project';
import { REQUEST_VARIABLE, readResult, type SyncRequest } from '../project/request';
import type { SyncResult } from '../project/sync';
import { lookAt } from '../project/working-tree';
import { type Repair, repairTree } from '../project/writer';
import { type GeneratorLocation, LOADED, LOCATION_VARIABLE, OWN } from './generator-location';
import { EXIT } from './job';
import { type Finished, run } from './run';
import { withTemporaryFolder } from './temporary';
import { UsageError } from './usage-error';

const RC_FILE = '.projenrc.js';
/** `load-generator.ts`, as the package has it. */
const HOOK = 'lib/src/cli/load-generator.js';

/** An emitted repository. */
export interface EmittedRepository {
  /** Absolute. */
  readonly root: string;
  /** The text of its answers' file. */
  readonly answersText: string;
  /** The same, read; not checked yet. */
  readonly answers: PlainObject;
  /** Version of this package in its package.json; undefined if it is not a dependency. */
  readonly generator?: string;
  /** Present if an earlier run was killed: the result of taking it back. */
  readonly repair?: Repair;
}

/**
 * Files as the generator names them, from the repository's root. In a folder below, a path may begin there, as git takes
 * it, or at the root, as reports write it.
 *
 * @param typed as somebody typed them
 */
export function fromRoot({ root }: EmittedRepository, typed: readonly string[]): string[] {
  const base = lookAt(root, BASE_FILE);
  const entries =
    base.kind === 'file' ? parseBase(base.content.toString('utf8')).entries : new Map<string, BaseEntry[]>();
  const known = new Set([...entries].flatMap(([path, all]) => [path, ...all.flatMap(({ movedTo }) => movedTo ?? [])]));
  return typed.map((path) => {
    const below = relative(root, resolve(path)).replaceAll('\\', '/');
    const plain = path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
    return known.has(plain) && !known.has(below) ? plain : below;
  });
}

/**
 * Opens the emitted repository that a folder lies in. An earlier run that was killed is taken back first.
 *
 * @throws UsageError if there is none, AnswersError if its answers or its package.json are not JSON, Unwritable
 */
export function openRepository(folder: string): EmittedRepository {
  const root = repositoryRoot(folder);
  const repair = repairTree(root);
  if (!existsSync(join(root, ANSWERS_FILE))) {
    throw new UsageError(
      `there is no ${ANSWERS_FILE} here, nor in a folder above; run this in a repository that create-quilt-mcp-deploy emitted`,
    );
  }
  const answersText = readFileSync(join(root, ANSWERS_FILE), 'utf8');
  const answers = parseAnswers(answersText, ANSWERS_FILE);
  if (!isObject(answers)) {
    throw new UsageError(`${ANSWERS_FILE} must hold an object of answers`);
  }
  return { root, answersText, answers, generator: readPin(root), repair };
}

/** Read before anything runs there: Node.js itself starts nothing beside a package.json that it cannot read. */
function readPin(root: string): string | undefined {
  const file = join(root, PACKAGE_JSON);
  return existsSync(file) ? pinIn(readFileSync(file, 'utf8')) : undefined;
}

/**
 * Brings a repository up to date, or previews that, as `npx projen` does: by its own `.projenrc.js`, so that the
 * owner's additions there hold. If its packages are not installed, it goes by the answers alone.
 *
 * @param generatorRoot folder of the version of this package to do it with. Default: the installed one
 * @throws UsageError if the answers are not valid, or another version of this package must be used; Error if
 * `.projenrc.js` fails; the reason of the abort
 */
export async function syncRepository(
  { root, answersText, repair }: EmittedRepository,
  asked: Omit<SyncRequest, 'result'>,
  signal: AbortSignal,
  generatorRoot?: string,
): Promise<SyncResult> {
  return withTemporaryFolder('request', async (folder) => {
    const [file, result] = [join(folder, 'request.json'), join(folder, 'result.json')];
    const request: SyncRequest = {
      ...asked,
      ...(asked.answers === undefined ? {} : basedOn(answersText, asked)),
      result,
    };
    writeFileSync(file, JSON.stringify(request));
    if (!canRun(root, generatorRoot)) {
      return withRepair(syncHere(root, request.answers ?? answersText, request), repair);
    }
    const env = {
      [REQUEST_VARIABLE]: file,
      ...(generatorRoot ? loadFrom({ generator: generatorRoot, repository: root }) : {}),
    };
    const ending = await run(process.execPath, [RC_FILE], root, signal, { env });
    if (!ending.ok || !existsSync(result)) throw failureOfSync(ending);
    return withRepair(readResult(result), repair);
  });
}

/**
 * Messages of this package within `.projenrc.js` are for a person as they are; other output comes from code of the
 * owner.
 */
function failureOfSync(ending: Finished): Error {
  const { ok, exitCode, output } = ending;
  const own = output.startsWith('✗ ') ? output.slice(2).trimEnd() : undefined;
  if (own !== undefined) return exitCode === EXIT.wrongInput ? new UsageError(own) : new Failed(own);
  const why = excerpt('projenrc', output) || (ok ? 'it did not bring the repository up to date' : whyFailed(ending));
  return exitCode === EXIT.wrongInput ? new UsageError(why) : new Failed(`${RC_FILE}: ${why}`);
}

/** New answers are made from the old ones: an edit of those meanwhile would be lost. */
function basedOn(answersText: string, asked: Pick<SyncRequest, 'basedOn'>): Pick<SyncRequest, 'basedOn'> {
  return { basedOn: { ...asked.basedOn, [ANSWERS_FILE]: Buffer.from(answersText).toString('base64') } };
}

function withRepair(result: SyncResult, earlier: Repair | undefined): SyncResult {
  return { ...result, repair: result.repair ?? earlier };
}

/** Whether `.projenrc.js` exists and finds the packages that it loads, by itself or from another folder. */
function canRun(root: string, generatorRoot: string | undefined): boolean {
  const file = join(root, RC_FILE);
  const from = (generatorRoot === undefined ? [] : [join(generatorRoot, 'package.json')]).concat(file);
  const finds = (name: string) =>
    from.some((place) => {
      try {
        createRequire(place).resolve(`${name}/package.json`);
        return true;
      } catch {
        return false;
      }
    });
  return existsSync(file) && LOADED.every((name) => (generatorRoot !== undefined && name === OWN) || finds(name));
}

function syncHere(root: string, answersText: string, request: SyncRequest): SyncResult {
  const project = new QuiltMcpDeployProject({
    answers: parseAnswers(answersText, ANSWERS_FILE) as Answers,
    repositoryRoot: root,
    request,
  });
  return project.bringUpToDate();
}

/** Variables by which Node.js loads this package from another folder, whatever version the repository has installed. */
function loadFrom(location: GeneratorLocation): Record<string, string> {
  const hook = JSON.stringify(join(ownPackage().root, HOOK));
  return {
    [LOCATION_VARIABLE]: JSON.stringify(location),
    NODE_OPTIONS: `${childEnvironment(process.env).NODE_OPTIONS ?? ''} --require ${hook}`.trim(),
  };
}
