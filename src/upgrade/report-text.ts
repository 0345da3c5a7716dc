import { findConventions } from '../conventions';
import { changeTitle, enumerate, sentence } from '../conventions/labels';
import { SHARED } from '../model/names';
import { ACTIONS, type Action, type Impact, type ResourceChange } from '../resources/impact';
import { refusals } from '../resources/refusals';
import { typeTitle } from '../resources/types';
import { type ClientChange, clientChanges } from './client-changes';
import type { NetChange } from './net-changes';
import { doneBy, notDeployed, pathOf, placesOf, sourceOf, type UpgradeReport, type Versions } from './upgrade-report';

const PLANS: Readonly<Record<UpgradeReport['target'], string>> = {
  terraform: 'a plan of Terraform',
  cloudformation: 'a change set of CloudFormation',
  cdk: 'a change set of CloudFormation',
};

/** Context of the report's template. */
export function upgradeContext(report: UpgradeReport): object {
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
    // The way already tells what is unsafe.
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

/** Context of an environment, or of the shared registry. */
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
        tagged: enumerate(changes.filter(isOfTagsOnly).map(({ type }) => typeTitle(type))),
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

/** Some resources bear tags that name the conventions: a change of nothing else is told in one line for all. */
function isOfTagsOnly(change: ResourceChange): boolean {
  return change.action === 'update' && change.note === undefined && namesIn(change).every(isTag);
}

/** Changed properties of a resource: by the model's names, or by the engine's if those show more. */
function namesIn({ properties, attributes = [] }: ResourceChange): readonly string[] {
  return properties.every(isTag) && !attributes.every(isTag) ? attributes : properties;
}

/** Whether a model's property or an engine's attribute is a tag. */
function isTag(name: string): boolean {
  return /^tags\.|(^|\.)tags$/i.test(name);
}

function titleOf({ type, key }: Pick<ResourceChange, 'type' | 'key'>): { title: string; key: string } {
  return { title: typeTitle(type), key };
}

function netContext({ change, steps }: NetChange): object {
  const fromTo = change.kind === 'change' ? { from: change.from, to: change.to } : { from: null, to: null };
  return { title: changeTitle(change), ...fromTo, why: change.why, steps: enumerate(steps) };
}

function clientContext({ environments, status, requests, way }: ClientChange): object {
  return { environments: enumerate(environments), status, requests: capital(requests), way: sentence(capital(way)) };
}

/** Warning of a generation that is emitted only by name; null if there is none. */
function unsafety({ conventions }: Versions): string | null {
  const support = findConventions(conventions)?.support;
  return support?.kind === 'unsafe' ? sentence(support.warning) : null;
}

/** Source of the impact on a place, as the end of a sentence without its full stop. */
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

/** Whether the registry layer of an environment, or the shared one, must be deployed, too. */
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
function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
