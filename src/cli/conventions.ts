import { didYouMean } from '../config/did-you-mean';
import {
  CATALOGUE,
  type Change,
  type Conventions,
  conventionsOf,
  findConventions,
  LATEST,
  STEPS,
  type Step,
  stepsBetween,
} from '../conventions';
import { type Difference, difference, TOPICS, type Topic } from '../conventions/difference';
import {
  ANSWER_OF,
  changeTitle,
  dateRange,
  enumerate,
  evidence,
  failure,
  LOG_LINES,
  OPEN_STREAM,
  RESOURCES,
  STATUS,
  type Status,
  statusOf,
  versionRange,
} from '../conventions/words';
import { EXIT, type Job } from './commands';
import { helpRows, optionsHelp, parseOptions } from './options';
import { type Block, formatBlocks, formatSections, item, paragraph, rows, type Section } from './text';
import { UsageError } from './usage-error';

const WIDEST = 100;
const NARROWEST = 40;

const OPTIONS = {
  json: { type: 'boolean', help: 'the same facts as one JSON document on standard output' },
  help: { type: 'boolean', help: 'show this' },
} as const;

/** What there is to say: for a program, and for a person in front of so many columns. */
interface Answer {
  readonly json: object;
  readonly text: (width: number) => string;
}

interface Action {
  /** Names of what it takes, for the help: each is the id of a generation. */
  readonly takes: readonly string[];
  readonly help: string;
  readonly answer: (...generations: Conventions[]) => Answer;
}

const LIST = 'list';
const ACTIONS: Readonly<Record<string, Action>> = {
  [LIST]: { takes: [], help: 'every generation that is known; the same without list', answer: list },
  show: { takes: ['ID'], help: 'all about one, and the steps that lead to it and from it', answer: show },
  diff: { takes: ['A', 'B'], help: 'what moves for a deployment from A to B, and how it gets there', answer: diff },
};

/**
 * Says what the catalogue of generations holds.
 *
 * @throws UsageError where an action, an id or an option is unknown, or the number of ids is wrong
 */
export const conventions: Job = async (args, { stdout }) => {
  const { values, positionals } = parseOptions(args, OPTIONS, 'conventions');
  if (values.help) {
    stdout.write(helpText());
    return EXIT.done;
  }
  const [name = LIST, ...ids] = positionals;
  const { json, text } = findAction(name, ids).answer(...ids.map(findGeneration));
  const width = Math.max(NARROWEST, Math.min(stdout.columns ?? WIDEST, WIDEST));
  // Who has read enough, as head does, closes the pipe: that is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
  stdout.write(`${values.json ? JSON.stringify(json, undefined, 2) : text(width)}\n`);
  return EXIT.done;
};

function findAction(name: string, ids: readonly string[]): Action {
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action) {
    const meant = findConventions(name) ? `show ${name}` : didYouMean(name, Object.keys(ACTIONS));
    throw new UsageError(
      `conventions has no ${name}; ${meant ? `did you mean conventions ${meant}?` : `it has ${enumerate(Object.keys(ACTIONS))}`}`,
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

function helpText(): string {
  const actions = Object.entries(ACTIONS).map(([name, { takes, help }]) => [[name, ...takes].join(' '), help] as const);
  return `Usage: create-quilt-mcp-deploy conventions [list | show ID | diff A B] [options]

Says what the tool knows of the generations of the Quilt MCP server's deployment contract.

${helpRows(actions)}

${optionsHelp(OPTIONS)}

Exit codes: 0 done, 2 wrong input.
`;
}

function list(): Answer {
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
        ['ID', 'SERVER', 'DATES', 'STATUS', 'TITLE'],
        ...CATALOGUE.map((entry) => [
          entry.id,
          versionRange(entry.versions),
          dateRange(entry.dates),
          statusOf(entry),
          entry.title,
        ]),
      );
      const meanings = rows(...statuses.map((status) => [status, STATUS[status]]));
      return [table, meanings, paragraph('conventions show ID explains one, conventions diff A B compares two.')]
        .map((block) => formatBlocks([block], width).join('\n'))
        .join('\n\n');
    },
  };
}

function show(entry: Conventions): Answer {
  const stepsTo = STEPS.filter(({ to }) => to === entry.id);
  const stepsFrom = STEPS.filter(({ from }) => from === entry.id);
  return {
    json: { status: statusOf(entry), conventions: entry, stepsTo, stepsFrom },
    text: (width) => formatSections([...describe(entry), ...[...stepsTo, ...stepsFrom].map(stepSection)], width),
  };
}

/** Everything that an entry of the catalogue says. */
function describe(entry: Conventions): Section[] {
  const { environment, auth, iam, sessions, size, timing, logs, telemetry } = entry;
  return [
    { title: `${entry.id}: ${entry.title}`, blocks: [paragraph(entry.summary)] },
    {
      title: 'In short',
      blocks: [
        rows(
          ['Server versions', versionRange(entry.versions)],
          ['Dates', dateRange(entry.dates)],
          ['Status', `${statusOf(entry)}: ${STATUS[statusOf(entry)]}`],
          ...supportRows(entry),
          ['Evidence', evidence(entry)],
        ),
      ],
    },
    { title: 'Image', blocks: imageBlocks(entry) },
    {
      title: 'Endpoint',
      blocks: [
        rows(
          ['Port', String(entry.endpoint.port)],
          ['Path', entry.endpoint.path],
          ['Other slash', entry.endpoint.otherSlash],
        ),
      ],
    },
    { title: 'Health', blocks: [healthRows(entry)] },
    {
      title: 'Variables that are fixed',
      blocks: Object.entries(environment.fixed).map(([name, { value, why, without }]) =>
        item(`${name}=${value}`, why, ...withoutIt(without)),
      ),
    },
    {
      title: 'Variables that follow from the answers',
      blocks: Object.entries(environment.derived).map(([name, { meaning, from, without }]) =>
        item(name, meaning, `from the answer ${ANSWER_OF[from]}`, ...withoutIt(without)),
      ),
    },
    {
      title: 'Variables that an owner may add',
      blocks: Object.entries(environment.optional).map(([name, { meaning, default: unset, values }]) =>
        item(name, meaning, `${values}; default: ${unset}`),
      ),
    },
    { title: 'Variables that do nothing', blocks: byReason(environment.dead) },
    { title: 'Variables that are dangerous', blocks: byReason(environment.dangerous) },
    {
      title: 'Authentication',
      blocks: [
        paragraph(auth.meaning),
        ...Object.entries(auth.modes).map(([mode, { meaning, secret }]) =>
          item(
            `mode ${mode}`,
            meaning,
            ...(secret ? [`secret ${secret.variable}: ${secret.meaning}`, ...withoutIt(secret.without)] : []),
          ),
        ),
        rows(
          ['A request without a token', `gets ${auth.anonymous}`],
          ['A token that nobody signed', `gets ${auth.garbage}`],
        ),
      ],
    },
    { title: 'Secrets', blocks: [rows(['Read by', entry.secrets.readBy])] },
    { title: 'Execution role', blocks: statementItems(iam.executionRole) },
    {
      title: 'Task role',
      blocks: [
        paragraph(iam.why),
        ...(iam.taskRole.length === 0 ? [paragraph('No statements.')] : statementItems(iam.taskRole)),
      ],
    },
    {
      title: 'Sessions',
      blocks: [
        rows(
          ['Sessions', sessions.stateful ? 'in the memory of one task' : 'none'],
          ['Why', sessions.why],
          ...offRows(sessions.off),
        ),
      ],
    },
    {
      title: 'Size of a task',
      blocks: [rows(['CPU', `${size.cpu} units`], ['Memory', `${size.memory} MiB`], ['Why', size.why])],
    },
    {
      title: 'Timing',
      blocks: [
        rows(
          ['Start', `${timing.startPeriod} s until healthy, at most, for the smallest task`],
          ['Stop', `${timing.stopTimeout} s from SIGTERM to SIGKILL`],
          ['Open stream', `on SIGTERM it ${OPEN_STREAM[timing.openStream]}`],
          ['Why', timing.why],
        ),
      ],
    },
    {
      title: 'Log lines, in part',
      blocks: (Object.keys(LOG_LINES) as (keyof typeof LOG_LINES)[])
        .filter((kind) => logs[kind].length > 0)
        .map((kind) => item(LOG_LINES[kind], ...logs[kind])),
    },
    {
      title: 'Telemetry',
      blocks: [rows(['Sends', telemetry.sends ?? 'nothing'], ...offRows(telemetry.off))],
    },
    {
      title: 'Defects',
      blocks: entry.defects.map(({ what, workaround }) => item(what, `Workaround: ${workaround}`)),
    },
    {
      title: 'Protocol: revisions, and the headers that a client sends',
      blocks: [
        rows(
          ...entry.protocol.revisions.map((revision) => [
            revision,
            (entry.protocol.headers[revision] ?? []).join(', '),
          ]),
        ),
      ],
    },
    { title: 'Sources', blocks: sourceItems(entry.sources) },
  ];
}

function supportRows({ support }: Conventions): string[][] {
  switch (support.kind) {
    case 'emitted':
      return [];
    case 'unsafe':
      return [
        ['Warning', support.warning],
        ['Tag', `Warning = ${support.tag}`],
      ];
    case 'recognised':
      return [
        ['Why', support.why],
        ['Instead', support.instead],
      ];
  }
}

function imageBlocks({ image }: Conventions): Block[] {
  const { bakes, packages } = image;
  const list = (record: Readonly<Record<string, string>>, sign: string) =>
    Object.entries(record).map(([name, value]) => `${name}${sign}${value}`);
  return [
    rows(
      ['Version', image.defaultVersion === null ? 'none to deploy' : `${image.defaultVersion} for a new deployment`],
      ...image.repositories.map((repository, index) => [index === 0 ? 'Repositories' : '', repository]),
      ['User', image.user],
      ['curl', image.hasCurl ? 'is in it' : 'is not in it'],
      ['Python', image.python],
      ...list(packages, ' ').map((text, index) => [index === 0 ? 'Packages' : '', text]),
      ...list(bakes, '=').map((text, index) => [index === 0 ? 'Sets itself' : '', text]),
    ),
  ];
}

function healthRows({ health }: Conventions): Block {
  return health
    ? rows(['Path', health.path], ['All paths', health.all.join(', ')], ['Probe', health.probe])
    : paragraph('No task of ours is probed.');
}

function withoutIt(without: Parameters<typeof failure>[0] | undefined): string[] {
  return without ? [`without it ${failure(without)}`] : [];
}

/** Variables below one another, those with the same reason together. */
function byReason(variables: Readonly<Record<string, string>>): Block[] {
  const reasons = [...new Set(Object.values(variables))];
  return reasons.map((reason) =>
    item(
      Object.keys(variables)
        .filter((name) => variables[name] === reason)
        .join(', '),
      reason,
    ),
  );
}

function statementItems(statements: Conventions['iam']['taskRole']): Block[] {
  return statements.map(({ sid, actions, on, why }) =>
    item(`${sid}: ${why}`, rows(['may', actions.join(', ')], ['on', RESOURCES[on]])),
  );
}

function offRows(off: { readonly variable: string; readonly value: string } | undefined): string[][] {
  return off ? [['Turned off by', `${off.variable}=${off.value}`]] : [];
}

function sourceItems(sources: Conventions['sources']): Block[] {
  return sources.map(({ what, at }) => item(`${what} (${at})`));
}

function stepSection(step: Step): Section {
  return {
    title: `Step from ${step.from} to ${step.to}`,
    blocks: [...forward(step), item('Sources', ...sourceItems(step.sources))],
  };
}

/** How a step is taken. */
function forward({ why, changes, rollOut, noRest, goBack }: Step): Block[] {
  return [
    paragraph(why),
    ...(changes.length === 0 ? [] : [item('What moves', ...changes.map(changeItem))]),
    item('Roll-out', rows(...rollOut.map((text, index) => [`${index + 1}.`, text]))),
    ...(noRest === undefined ? [] : [item('No resting point', noRest)]),
    item('To go back', goBack),
  ];
}

function changeItem(change: Change): Block {
  const fromTo = change.kind === 'change' ? [rows(['from', change.from], ['to', change.to])] : [];
  return item(changeTitle(change), ...fromTo, change.why);
}

type Direction = 'forward' | 'backward' | 'none';

function diff(a: Conventions, b: Conventions): Answer {
  const differences = difference(a, b);
  const { direction, steps } = stepsOf(a.id, b.id);
  return {
    json: { from: a.id, to: b.id, direction, differences, steps },
    text: (width) =>
      formatSections(
        [
          {
            title: `From ${a.id} to ${b.id}: what moves for a deployment`,
            blocks: [paragraph(differences.length === 0 ? 'Nothing.' : '+ comes, - goes, ~ changes.')],
          },
          ...differenceSections(differences),
          ...stepSections(a.id, b.id, direction, steps),
        ],
        width,
      ),
  };
}

/** The steps between two generations, in the order in which one takes them, or takes them back. */
function stepsOf(a: string, b: string): { readonly direction: Direction; readonly steps: readonly Step[] } {
  const ids = CATALOGUE.map(({ id }) => id);
  if (a === b) {
    return { direction: 'none', steps: [] };
  }
  return ids.indexOf(a) < ids.indexOf(b)
    ? { direction: 'forward', steps: stepsBetween(a, b) }
    : { direction: 'backward', steps: [...stepsBetween(b, a)].reverse() };
}

function differenceSections(differences: readonly Difference[]): Section[] {
  return (Object.keys(TOPICS) as Topic[]).map((topic) => ({
    title: TOPICS[topic],
    blocks: differences.filter((one) => one.topic === topic).map(differenceBlock),
  }));
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

function differenceBlock(one: Difference): Block {
  const head = `${SIGNS[one.kind]} ${one.name}`;
  if (one.kind !== 'changed') {
    const { value, class: className, ...rest } = one.says;
    return item(
      `${head}${className === undefined ? '' : `, ${className}`}${value === undefined ? '' : `: ${value}`}`,
      ...Object.entries(rest).map(([property, text]) => `${property}: ${text}`),
    );
  }
  const { from, to } = one;
  const properties = Object.keys({ ...from, ...to }).filter((property) => from[property] !== to[property]);
  const side = (sign: string, says: typeof from) => (property: string) =>
    says[property] === undefined
      ? []
      : [item(`${sign} ${property === 'value' ? '' : `${property}: `}${says[property]}`)];
  const className = from.class !== undefined && from.class === to.class ? `, ${to.class}` : '';
  return item(
    `${head}${className}`,
    ...properties.flatMap((property) => [...side('-', from)(property), ...side('+', to)(property)]),
  );
}

function stepSections(a: string, b: string, direction: Direction, steps: readonly Step[]): Section[] {
  if (direction === 'none') {
    return [];
  }
  if (steps.length === 0) {
    return [{ title: 'Steps', blocks: [paragraph(`None is known between ${a} and ${b}.`)] }];
  }
  const position = (index: number) => `step ${index + 1} of ${steps.length}`;
  if (direction === 'forward') {
    return steps.map((step, index) => ({
      title: `From ${step.from} to ${step.to}, ${position(index)}`,
      blocks: forward(step),
    }));
  }
  return [
    {
      title: 'Steps',
      blocks: [
        paragraph(
          `They lead the other way, from ${b} to ${a}. What follows is how each is taken back, the last one first.`,
        ),
      ],
    },
    ...steps.map((step, index) => ({
      title: `From ${step.to} back to ${step.from}, ${position(index)}`,
      blocks: backward(step),
    })),
  ];
}

/** How a step is taken back, and whether one may stay where that leads. */
function backward({ from, goBack }: Step): Block[] {
  const noRest = STEPS.find(({ to }) => to === from)?.noRest;
  return [paragraph(goBack), ...(noRest === undefined ? [] : [item('No resting point', noRest)])];
}
