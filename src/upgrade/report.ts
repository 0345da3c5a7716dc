import type { GeneratedFile } from '../../generators/file';
import type { Templates } from '../../generators/templates';
import { type Change, findConventions, type Step } from '../conventions';
import { changeTitle, enumerate } from '../conventions/labels';
import type { Deployment } from '../model/deployment';
import { SHARED } from '../model/names';
import { ACTIONS, type Action, type Impact, type ResourceChange } from '../resources/impact';
import type { Disagreement } from '../resources/planned-impact';
import { type Refusal, refusals } from '../resources/refusals';
import type { ResourceType } from '../resources/types';
import { type ClientChange, clientChanges } from './client-changes';
import { type NetChange, netChanges } from './net-changes';

/** What a repository is for, before or after an upgrade. */
export interface Release {
  /** Id of the generation. */
  readonly conventions: string;
  /** Version, or tag, of the server's image. */
  readonly image: string;
  /** Version of this package. */
  readonly generator: string;
}

/** Where an impact is known from: the graph that the answers come to, or what the engine says that it would do. */
export type Source = 'graph' | 'plan';

/** What an upgrade did to a repository, and what deploying it will do: all that a report is written from. */
export interface UpgradeReport {
  /** Day of the upgrade, as 2026-11-21. */
  readonly date: string;
  readonly target: Deployment['target'];
  readonly from: Release;
  readonly to: Release;
  /** Names of the environments, in the order of promotion. */
  readonly environments: readonly string[];
  /** The steps from one generation to the other, in order; none where they are the same. */
  readonly steps: readonly Step[];
  /** Answers that the upgrade changed, each in one line with the reason. */
  readonly answers: readonly string[];
  /** Warnings of the answers as they are now, each in one line. */
  readonly warnings: readonly string[];
  /** What happens to the resources of AWS; null where what was there before is not known. */
  readonly impact: Impact | null;
  /** Where the impact is known from, by environment, what is shared included; the graph, where it is not said. */
  readonly source?: Readonly<Record<string, Source>>;
  /** Why the engine was asked in vain, or could not be, by environment; absent where nobody wanted to. */
  readonly unplanned?: Readonly<Record<string, string>>;
  /** Where the engine plans something else than the graph says. */
  readonly disagreements?: readonly Disagreement[];
  /** Files that the upgrade touched, from the root, and what it did with each in a word, such as `updated`. */
  readonly files: readonly { readonly path: string; readonly change: string }[];
}

/** Raised where the JSON means something else than before. */
const VERSION = 1;
const FOLDER = 'docs/upgrades';
const GRAPH: Source = 'graph';

const PLANS: Readonly<Record<UpgradeReport['target'], string>> = {
  terraform: 'a plan of Terraform',
  cloudformation: 'a change set of CloudFormation',
  cdk: 'a change set of CloudFormation',
};

/** What people call a resource. */
const TITLES: Readonly<Record<ResourceType, string>> = {
  repository: 'ECR repository',
  taskDefinition: 'task definition',
  service: 'ECS service',
  securityGroup: 'security group',
  securityGroupEgress: "rule of the load balancer's security group",
  targetGroup: 'target group',
  listenerRule: 'listener rule',
  listenerCertificate: 'certificate of the listener',
  certificate: 'certificate',
  aliasRecord: 'alias record',
  logGroup: 'log group',
  role: 'IAM role',
  policy: 'IAM policy',
  oidcProvider: 'identity provider of GitHub',
};

/** Who does what a step changes: its owner by hand; its owner, where it is not part of the repository; or the repository. */
type Doer = 'hand' | 'look' | 'repository';

const DOERS: Readonly<Record<Change['what'], Doer>> = {
  client: 'hand',
  secret: 'hand',
  setting: 'look',
  permission: 'look',
  resource: 'look',
  variable: 'repository',
};

/** The report as Markdown for people, and the same as JSON for programs. They are their owner's: no sync touches them. */
export function reportFiles(
  report: UpgradeReport,
  templates: Templates,
  isTaken: (path: string) => boolean = () => false,
): GeneratedFile[] {
  const first = reportName(report);
  const isFree = (name: string) => ['md', 'json'].every((suffix) => !isTaken(`${FOLDER}/${name}.${suffix}`));
  let name = first;
  for (let count = 2; !isFree(name); count++) name = `${first}-${count}`;
  const file = (suffix: string, content: string): GeneratedFile => ({
    path: `${FOLDER}/${name}.${suffix}`,
    content,
    ownership: 'owned',
  });
  return [
    file('md', templates.render('docs/upgrade-report.md', context(report))),
    file('json', `${JSON.stringify(asJson(report), undefined, 2)}\n`),
  ];
}

/** The name of a report's files without suffix: its day, and what it went from and to in what moved first. */
export function reportName({ date, from, to }: UpgradeReport): string {
  const moved = (['conventions', 'generator', 'image'] as const).find((what) => from[what] !== to[what]);
  return [date, from[moved ?? 'conventions'], to[moved ?? 'conventions']]
    .map((part) => part.replace(/[^\w.]+/g, '-'))
    .join('-');
}

function asJson(report: UpgradeReport): object {
  const { date, target, from, to, environments, steps, answers, warnings, impact, files } = report;
  return {
    version: VERSION,
    ...{ date, target, from, to },
    path: pathOf(report),
    notDeployed: notDeployed(steps).map(({ to: id, noRest }) => ({ conventions: id, why: noRest })),
    ...{ answers, warnings },
    source: Object.fromEntries(placesOf(report).map((place) => [place, sourceOf(report, place)])),
    unplanned: report.unplanned ?? {},
    disagreements: report.disagreements ?? [],
    refusals: impact && refusals(impact).map(refusalAsJson),
    impact,
    byHand: doneBy('hand', steps).map(changeAsJson),
    toLookAt: doneBy('look', steps).map(changeAsJson),
    forClients: impact && clientChanges(impact),
    rollOut: { environments, steps: steps.map(({ from: a, to: b, rollOut }) => ({ from: a, to: b, do: rollOut })) },
    goBack: [...steps].reverse().map(({ from: a, to: b, goBack }) => ({ from: b, to: a, do: goBack })),
    files,
  };
}

function refusalAsJson({ change: { environment, layer, id, type, key, action }, reason, way }: Refusal): object {
  return { environment, layer, id, type, key, action, reason, way };
}

function changeAsJson({ change, steps }: NetChange): object {
  return { ...change, steps };
}

function context(report: UpgradeReport): object {
  const { date, target, from, to, environments, steps, answers, warnings, impact, files } = report;
  const held = impact && refusals(impact);
  return {
    ...{ date, target, from, to },
    conventionsMove: from.conventions !== to.conventions,
    imageMoves: from.image !== to.image,
    path: pathOf(report),
    movesTogether: from.conventions !== to.conventions && from.image !== to.image,
    isLong: steps.length > 1,
    passed: notDeployed(steps).map(({ to: id, noRest }) => ({ id, why: sentence(noRest!) })),
    unsafe: unsafety(to),
    unrested: steps.at(-1)?.noRest ? sentence(steps.at(-1)!.noRest!) : null,
    answers: answers.map(sentence),
    // The way says already what is unsafe.
    warnings: warnings.map((text) => sentence(capital(text))).filter((text) => text !== unsafety(to)),
    known: impact !== null,
    refusals: (held ?? []).map(({ change, reason, way }) => ({
      ...titleOf(change),
      environment: change.environment,
      action: ACTION_WORDS[change.action],
      reason: sentence(capital(reason)),
      way: sentence(capital(way)),
    })),
    leftBehind: (impact ?? []).filter(({ action }) => action === 'orphan').map(titleOf),
    actions: (Object.keys(ACTIONS) as Action[])
      .filter((action) => impact?.some((change) => change.action === action))
      .map((action) => ({
        word: ACTION_WORDS[action],
        meaning: sentence(ACTIONS[action]),
        count: impact!.filter((change) => change.action === action).length,
      })),
    places: impact === null ? [] : placesOf(report).map((place) => placeContext(place, report, impact)),
    byHand: doneBy('hand', steps).map(netContext),
    forClients: clientChanges(impact ?? []).map(clientContext),
    toLookAt: doneBy('look', steps).map(netContext),
    steps: steps.map(({ from: a, to: b, why, rollOut }) => ({ title: `${a} → ${b}`, why: sentence(why), rollOut })),
    environments: environments.map((name) => ({ name, registry: impact === null || needsRegistry(name, impact) })),
    sharedRegistry: impact !== null && needsRegistry(SHARED, impact),
    back: [...steps].reverse().map(({ from: a, to: b, goBack }) => ({
      title: `${b} → ${a}`,
      how: sentence(capital(goBack)),
    })),
    lasting: (impact ?? []).filter(({ fate }) => fate === 'deleted').map(titleOf),
    files: byChange(files),
  };
}

/** What an environment, or what is shared, meets. */
function placeContext(place: string, report: UpgradeReport, impact: Impact): object {
  const here = impact.filter(({ environment }) => environment === place);
  return {
    name: place,
    shared: place === SHARED,
    source: sourceText(report, place),
    disagreements: (report.disagreements ?? [])
      .filter(({ environment }) => environment === place)
      .map(({ planned, expected, ...resource }) => ({
        ...titleOf(resource),
        planned: planned === null ? 'nothing' : ACTION_WORDS[planned],
        expected: expected === null ? 'nothing' : ACTION_WORDS[expected],
      })),
    layers: (['registry', 'service'] as const)
      .map((layer) => ({ layer, changes: here.filter((change) => change.layer === layer) }))
      .filter(({ changes }) => changes.length > 0)
      .map(({ layer, changes }) => ({
        layer,
        changes: changes.filter((change) => !isOfTagsOnly(change)).map(changeContext),
        tagged: enumerate(changes.filter(isOfTagsOnly).map(({ type }) => title(type))),
      })),
  };
}

function changeContext(change: ResourceChange): object {
  const { action, formerKey, holdsData, note } = change;
  const notes = [...(formerKey === undefined ? [] : [`was called ${formerKey}`]), ...(note ? [note] : [])];
  return {
    ...titleOf(change),
    action: ACTION_WORDS[action],
    properties: namesIn(change),
    holdsData: holdsData ? 'yes' : 'no',
    note: notes.join('; '),
  };
}

const ACTION_WORDS: Readonly<Record<Action, string>> = {
  create: 'create',
  update: 'change',
  revise: 'new revision',
  replace: 'replace',
  destroy: 'destroy',
  orphan: 'leave behind',
  adopt: 'take over',
};

/** Every resource bears tags that name the conventions: a change of nothing else is told in one line for all. */
function isOfTagsOnly(change: ResourceChange): boolean {
  return change.action === 'update' && change.note === undefined && namesIn(change).every(isTag);
}

/** What changes of a resource: by the model's names, or by the engine's where that saw more than the model knows of. */
function namesIn({ properties, attributes = [] }: ResourceChange): readonly string[] {
  return properties.every(isTag) && !attributes.every(isTag) ? attributes : properties;
}

/** Of a model's property, or an engine's attribute. */
function isTag(name: string): boolean {
  return /^tags\.|(^|\.)tags$/i.test(name);
}

function titleOf({ type, key }: Pick<ResourceChange, 'type' | 'key'>): { title: string; key: string } {
  return { title: title(type), key };
}

function title(type: string): string {
  return Object.hasOwn(TITLES, type) ? TITLES[type as ResourceType] : type;
}

function netContext({ change, steps }: NetChange): object {
  const fromTo = change.kind === 'change' ? { from: change.from, to: change.to } : { from: null, to: null };
  return { title: changeTitle(change), ...fromTo, why: change.why, steps: enumerate(steps) };
}

function clientContext({ environments, status, requests, way }: ClientChange): object {
  return { environments: enumerate(environments), status, requests: capital(requests), way: sentence(capital(way)) };
}

/** What steps come to at once, as far as it is done by somebody. */
function doneBy(doer: Doer, steps: readonly Step[]): NetChange[] {
  return netChanges(steps).filter(({ change }) => doerOf(change) === doer);
}

/** A new value is made by nobody but its owner, whatever it is of; and a renamed variable may be the owner's own. */
function doerOf({ kind, what }: Change): Doer {
  return kind === 'rotate' ? 'hand' : kind === 'rename' && what === 'variable' ? 'look' : DOERS[what];
}

/** The steps on the way to which nobody stays, but for the last. */
function notDeployed(steps: readonly Step[]): Step[] {
  return steps.slice(0, -1).filter(({ noRest }) => noRest !== undefined);
}

/** What is wrong with a generation that is emitted only for who names it; null where nothing is. */
function unsafety({ conventions }: Release): string | null {
  const support = findConventions(conventions)?.support;
  return support?.kind === 'unsafe' ? sentence(support.warning) : null;
}

/** Ids of the generations on the way, both ends included. */
function pathOf({ from, to, steps }: UpgradeReport): string[] {
  return [...new Set([from.conventions, ...steps.map((step) => step.to), to.conventions])];
}

/** Environments in the order of promotion; before them what is shared, after them what the answers have no longer. */
function placesOf({ environments, impact }: UpgradeReport): string[] {
  const met = (impact ?? []).map(({ environment }) => environment);
  const shared = met.includes(SHARED) ? [SHARED] : [];
  return [...new Set([...shared, ...environments, ...met])];
}

function sourceOf({ source = {} }: UpgradeReport, place: string): Source {
  return Object.hasOwn(source, place) ? source[place]! : GRAPH;
}

/** Where the impact on a place is known from, as the end of a sentence without its full stop. */
function sourceText(report: UpgradeReport, place: string): string {
  const { unplanned = {}, target } = report;
  if (sourceOf(report, place) === 'plan') {
    return PLANS[target];
  }
  const graph = 'the resource graph of this repository';
  return Object.hasOwn(unplanned, place)
    ? `${graph}, and not from ${PLANS[target]}: ${unplanned[place]}`
    : `${graph}; nothing was asked of AWS`;
}

/** Whether the registry layer of an environment, or of what environments share, is to be deployed, too. */
function needsRegistry(environment: string, impact: Impact): boolean {
  const registries = impact.filter(({ layer, action }) => layer === 'registry' && action !== 'orphan');
  return registries.some((change) => change.environment === environment);
}

function byChange(files: UpgradeReport['files']): object[] {
  const changes = [...new Set(files.map(({ change }) => change))];
  return changes.map((change) => ({
    change,
    paths: files.filter((file) => file.change === change).map(({ path }) => path),
  }));
}

/** A text as a whole sentence: the catalogue ends some with a full stop, some without. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
