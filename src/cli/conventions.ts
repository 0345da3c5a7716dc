import { didYouMean } from '../config/did-you-mean';
import { CATALOGUE, type Conventions, conventionsOf, findConventions, LATEST, STEPS } from '../conventions';
import { difference } from '../conventions/difference';
import { enumerate, STATUS, type Status, statusOf, versionRange } from '../conventions/labels';
import { differenceSections } from './conventions-difference';
import { entrySections } from './conventions-entry';
import { stepSection, stepSections, stepsOf } from './conventions-steps';
import { EXIT, type Job } from './job';
import { formatBlocks, formatSections, paragraph, rows, textWidth } from './text-blocks';
import { UsageError } from './usage-error';

/** Output of an action: for a program, and for a person with a terminal of this width. */
export interface ConventionsText {
  readonly json: object;
  readonly text: (width: number) => string;
}

interface Subcommand {
  /** Names of its arguments: each is the id of a generation. */
  readonly takes: readonly string[];
  readonly output: (...generations: Conventions[]) => ConventionsText;
}

const LIST = 'list';
const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  [LIST]: { takes: [], output: list },
  show: { takes: ['ID'], output: show },
  diff: { takes: ['A', 'B'], output: diff },
};

/**
 * Shows the catalogue of generations.
 *
 * @throws UsageError if an action, an id or an option is unknown, or the number of ids is wrong
 */
export const conventions: Job<{ readonly json: boolean }> = async ({ values, positionals }, { stdout }) => {
  const [name = LIST, ...ids] = positionals;
  const { json, text } = findAction(name, ids).output(...ids.map(findGeneration));
  const width = textWidth(stdout);
  stdout.write(`${values.json ? JSON.stringify(json, undefined, 2) : text(width)}\n`);
  return EXIT.done;
};

function findAction(name: string, ids: readonly string[]): Subcommand {
  const action = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (!action) {
    const meant = findConventions(name) ? `show ${name}` : didYouMean(name, Object.keys(SUBCOMMANDS));
    throw new UsageError(
      `conventions has no ${name}; ${meant ? `did you mean conventions ${meant}?` : `it has ${enumerate(Object.keys(SUBCOMMANDS))}`}`,
    );
  }
  if (ids.length !== action.takes.length) {
    const takes = action.takes.length === 0 ? 'nothing' : action.takes.join(' and ');
    const got = ids.length === 0 ? 'nothing' : ids.join(', ');
    throw new UsageError(`conventions ${name} takes ${takes}, and got ${got}`);
  }
  return action;
}

function findGeneration(id: string): Conventions {
  const found = findConventions(id);
  if (!found) {
    const known = CATALOGUE.map((entry) => entry.id);
    const meant = (/^\d+\.\d+\.\d+$/.test(id) ? conventionsOf(id)?.id : undefined) ?? didYouMean(id, known);
    throw new UsageError(
      `conventions ${id} are not known; ${meant ? `did you mean ${meant}? There are` : 'there are'} ${enumerate(known)}`,
    );
  }
  return found;
}

function list(): ConventionsText {
  const statuses = (Object.keys(STATUS) as Status[]).filter((status) =>
    CATALOGUE.some((entry) => statusOf(entry) === status),
  );
  return {
    json: {
      default: LATEST.id,
      conventions: CATALOGUE.map((entry) => {
        const { id, title, versions, dates, ranHere } = entry;
        return { id, title, status: statusOf(entry), versions, dates, ranHere };
      }),
    },
    text: (width) => {
      const table = rows(
        ['ID', 'SERVER', 'SINCE', 'STATUS', 'TITLE'],
        ...CATALOGUE.map((entry) => [
          entry.id,
          versionRange(entry.versions),
          entry.dates.from,
          statusOf(entry),
          entry.title,
        ]),
      );
      const meanings = rows(...statuses.map((status) => [status, STATUS[status]]));
      return [
        table,
        meanings,
        rows(
          ['conventions show ID', 'explains one'],
          ['conventions diff A B', 'compares two'],
          ['--set conventions=ID', 'names one for a new deployment'],
        ),
      ]
        .map((block) => formatBlocks([block], width).join('\n'))
        .join('\n\n');
    },
  };
}

/** All about one generation, of the catalogue or not. */
export function show(entry: Conventions): ConventionsText {
  const stepsTo = STEPS.filter(({ to }) => to === entry.id);
  const stepsFrom = STEPS.filter(({ from }) => from === entry.id);
  return {
    json: { status: statusOf(entry), conventions: entry, stepsTo, stepsFrom },
    text: (width) => formatSections([...entrySections(entry), ...[...stepsTo, ...stepsFrom].map(stepSection)], width),
  };
}

/** The changes between two generations, of the catalogue or not. */
export function diff(a: Conventions, b: Conventions): ConventionsText {
  const differences = difference(a, b);
  const { direction, steps } = stepsOf(a.id, b.id);
  return {
    json: { from: a.id, to: b.id, direction, differences, steps },
    text: (width) =>
      formatSections(
        [
          {
            title: `From ${a.id} to ${b.id}: the changes for a deployment`,
            blocks: [paragraph(differences.length === 0 ? 'Nothing.' : '+ comes, - goes, ~ changes.')],
          },
          ...differenceSections(differences),
          ...stepSections(a.id, b.id, direction, steps),
        ],
        width,
      ),
  };
}
