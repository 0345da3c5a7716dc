import type { Edit } from '../config/edit';
import { isObject, type Path, type PlainObject, valueAt } from '../config/paths';
import { type Change, type Deployable, findDeployable, isWithin, type Step } from '../conventions';
import { defaultImageMode } from '../model/image';
import type { Resource } from '../resources/resource';
import { loadBalancerAnswers } from './load-balancer';

/** An upgrade's changes of the answers. */
export interface AnswersUpgrade {
  readonly edits: readonly Edit[];
  /** For a person, a line each: `image.version 0.21.0 → 0.22.0`. */
  readonly lines: readonly string[];
}

/**
 * Carries answers from one generation of conventions to a later one: the owner's variables and secrets that steps
 * rename or remove; an image version outside of the new range, with its pin; a mode of the image, an authentication
 * mode or stickiness that no longer exists; and the load balancer's rules, if an earlier version emitted them. The
 * boundary of workflows' roles stays. Answers that only a person can give are left to the checks.
 *
 * @param before the resources that the repository described
 */
export function upgradeAnswers(
  answers: PlainObject,
  to: Deployable,
  steps: readonly Step[],
  before: readonly Resource[] = [],
): AnswersUpgrade {
  const environments = objectAt(answers, ['environments']);
  const loadBalancer = loadBalancerAnswers(environments);
  const moves: Move[] = [
    move(answers, ['conventions'], to.id),
    ...image(answers, to),
    ...Object.keys(environments).flatMap((name) => {
      const place = ['environments', name];
      return [
        ...ownNames(answers, [...place, 'environment'], 'variable', to, steps),
        ...ownNames(answers, [...place, 'secrets'], 'secret', to, steps),
        ...authMode(answers, [...place, 'auth'], to),
        ...stickiness(answers, [...place, 'routing', 'stickiness'], to),
        ...deliveryBoundary(answers, name, before),
        ...nameSuffix(answers, [...place, 'network', 'nameSuffix'], to),
        ...(loadBalancer.get(name) ?? []).map(({ path, value, why }) => move(answers, [...place, ...path], value, why)),
      ];
    }),
  ];
  const real = moves.filter(({ edit: { path, value } }) => valueAt(answers, path) !== value);
  return { edits: real.map(({ edit }) => edit), lines: [...real.map(({ line }) => line), ...defaultMode(answers, to)] };
}

interface Move {
  readonly edit: Edit;
  readonly line: string;
}

function move(answers: PlainObject, path: Path, value: unknown, why?: string): Move {
  const [before, after] = [valueAt(answers, path), value].map((side) =>
    side === undefined ? 'nothing' : String(side),
  );
  return { edit: { path, value }, line: `${path.join('.')} ${before} → ${after}${why ? `: ${why}` : ''}` };
}

/** The pin of an image is of one version: it would bring back the server of that version. */
function image(answers: PlainObject, to: Deployable): Move[] {
  const version = imageVersion(answers, to);
  const pins = ['digest', 'commit'].filter((name) => typeof valueAt(answers, ['image', name]) === 'string');
  return [
    ...version,
    ...(valueAt(answers, ['image', 'mode']) === 'shim' && !to.image.shim
      ? [move(answers, ['image', 'mode'], undefined, `conventions ${to.id} have no shim`)]
      : []),
    ...(version.length === 0
      ? []
      : pins.map((name) =>
          move(
            answers,
            ['image', name],
            null,
            'it is of the version before; docs/image.md says how to find the new one',
          ),
        )),
  ];
}

/** Tells of a new default mode, if the owner left the mode of the image to the conventions. */
function defaultMode(answers: PlainObject, to: Deployable): string[] {
  const from = findDeployable(String(valueAt(answers, ['conventions'])));
  if (!from || valueAt(answers, ['image', 'mode']) !== undefined) return [];
  const [before, after] = [from, to].map(defaultImageMode);
  return before === after
    ? []
    : [`image.mode is not set, and comes to ${after} in place of ${before}: the default of conventions ${to.id}`];
}

function imageVersion(answers: PlainObject, { versions, image }: Deployable): Move[] {
  const current = valueAt(answers, ['image', 'version']);
  const fits =
    typeof current === 'string' &&
    (versions === null ? !isPublished(current) : isPublished(current) && isWithin(current, versions));
  return fits ? [] : [move(answers, ['image', 'version'], image.defaultVersion)];
}

function isPublished(version: string): boolean {
  return /^\d+\.\d+\.\d+$/.test(version);
}

/**
 * Moves of an owner's variables or secrets: those that steps rename or remove, and those that are now a mistake to set.
 */
function ownNames(
  answers: PlainObject,
  place: Path,
  what: 'variable' | 'secret',
  to: Deployable,
  steps: readonly Step[],
): Move[] {
  const own = objectAt(answers, place);
  return Object.keys(own).flatMap((name) => {
    const { name: now, why } = follow(name, what, to, steps);
    if (now === name) return [];
    const gone = move(answers, [...place, name], undefined, why);
    return now === undefined || Object.hasOwn(own, now)
      ? [gone]
      : [
          gone,
          { edit: { path: [...place, now], value: own[name] }, line: `${[...place, now].join('.')} takes its value` },
        ];
  });
}

function follow(
  name: string,
  what: Change['what'],
  { environment }: Deployable,
  steps: readonly Step[],
): { readonly name?: string; readonly why?: string } {
  let current = name;
  let why: string | undefined;
  for (const change of steps.flatMap(({ changes }) => changes)) {
    if (change.what !== what || change.name !== current) continue;
    if (change.kind === 'remove') return { why: change.why };
    if (change.kind === 'rename') [current, why] = [change.to, change.why];
  }
  const mistake = environment.dead[current] ?? environment.dangerous[current];
  const isSet = Object.hasOwn(environment.fixed, current) || environment.derived[current] !== undefined;
  return mistake !== undefined
    ? { why: mistake }
    : isSet && current !== name
      ? { why: `${why}; every deployment sets ${current}` }
      : { name: current, why };
}

function authMode(answers: PlainObject, place: Path, { auth }: Deployable): Move[] {
  const mode = String(valueAt(answers, [...place, 'mode']) ?? 'bearer');
  const modes = Object.entries(auth.modes);
  const known = modes.find(([name]) => name === mode) ?? modes[0]!;
  const takesSecret = known[1].secret !== undefined;
  const hasSecret = valueAt(answers, [...place, 'secretArn']) !== undefined;
  return [
    ...(known[0] === mode ? [] : [move(answers, [...place, 'mode'], known[0])]),
    ...(hasSecret && !takesSecret
      ? [move(answers, [...place, 'secretArn'], undefined, `authentication mode ${known[0]} has no secret`)]
      : []),
  ];
}

function stickiness(answers: PlainObject, path: Path, { sessions }: Deployable): Move[] {
  return valueAt(answers, path) === true && !sessions.stateful ? [move(answers, path, false, sessions.why)] : [];
}

/**
 * The boundary that an earlier version gave to the roles of workflows by the answer for the roles of the tasks. These roles had
 * inline policies; those that have none got their boundary from an answer of their own.
 */
function deliveryBoundary(answers: PlainObject, name: string, before: readonly Resource[]): Move[] {
  const [place, boundary] = [
    ['environments', name, 'deliveryBoundaryArn'],
    valueAt(answers, ['environments', name, 'permissionsBoundaryArn']),
  ];
  const hadIt = before.some(
    ({ environment, id, properties }) =>
      environment === name && id === 'deployRole' && 'policy' in properties && properties.boundary !== undefined,
  );
  return hadIt && boundary !== undefined && valueAt(answers, place) === undefined
    ? [move(answers, place, boundary, 'as before, the roles of workflows have the boundary of the roles of the tasks')]
    : [];
}

/**
 * A suffix for another target group name: AWS cannot change the port of one, and its successor is made before it is
 * deleted.
 */
function nameSuffix(answers: PlainObject, path: Path, to: Deployable): Move[] {
  const from = findDeployable(String(valueAt(answers, ['conventions'])));
  return from === undefined || from.endpoint.port === to.endpoint.port
    ? []
    : [
        move(
          answers,
          path,
          `p${to.endpoint.port}`,
          `the server listens on ${to.endpoint.port}, for which the target group is made anew`,
        ),
      ];
}

function objectAt(answers: PlainObject, path: Path): PlainObject {
  const value = valueAt(answers, path);
  return isObject(value) ? value : {};
}
