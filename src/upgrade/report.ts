import type { GeneratedFile } from '../../generators/file';
import type { Templates } from '../../generators/templates';
import { type Refusal, refusals } from '../resources/refusals';
import { clientChanges } from './client-changes';
import type { NetChange } from './net-changes';
import { upgradeContext } from './report-text';
import { doneBy, notDeployed, pathOf, placesOf, sourceOf, type UpgradeReport } from './upgrade-report';

/** Raised if the JSON means something else than before. */
const VERSION = 1;
const FOLDER = 'docs/upgrades';

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
    file('md', templates.render('docs/upgrade-report.md', upgradeContext(report))),
    file('json', `${JSON.stringify(asJson(report), undefined, 2)}\n`),
  ];
}

/** Name of a report's files without suffix: its date, and the two versions of the first thing that changed. */
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
