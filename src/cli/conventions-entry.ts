import type { Conventions } from '../conventions';
import {
  ANSWER_OF,
  dateRange,
  evidence,
  failure,
  hasCurl,
  LOG_LINES,
  NO_OTHER_HOSTS,
  NO_TASK,
  NOBODY_LOOKED,
  openStream,
  otherHostText,
  RESOURCES,
  STATUS,
  shimBuildsOn,
  statusOf,
  versionRange,
} from '../conventions/labels';
import { type Block, item, paragraph, rows, type TextSection } from './text-blocks';

/** Everything that an entry of the catalogue says. */
export function entrySections(entry: Conventions): TextSection[] {
  return [
    { title: `${entry.id}: ${entry.title}`, blocks: [paragraph(entry.summary)] },
    ...SECTIONS.map(([title, blocks]) => ({ title, blocks: blocks(entry) })),
  ];
}

/** The sections about an entry, in order; one without blocks is left out. */
const SECTIONS: readonly (readonly [title: string, blocks: (entry: Conventions) => Block[]])[] = [
  ['In short', inShort],
  ['Image', imageBlocks],
  [
    'Endpoint',
    ({ endpoint: { port, path, otherSlash } }) => [
      rows(['Port', String(port)], ['Path', path], ['Other slash', otherSlash]),
    ],
  ],
  ['Health', healthBlocks],
  [
    'Variables that are fixed',
    ({ environment }) =>
      Object.entries(environment.fixed).map(([name, { value, why, without }]) =>
        item(`${name}=${value}`, why, ...withoutIt(without)),
      ),
  ],
  [
    'Variables that follow from the answers',
    ({ environment }) =>
      Object.entries(environment.derived).map(([name, { meaning, from, without }]) =>
        item(name, meaning, `from the answer ${ANSWER_OF[from]}`, ...withoutIt(without)),
      ),
  ],
  [
    'Variables that an owner may add',
    ({ environment }) =>
      Object.entries(environment.optional).map(([name, { meaning, default: unset, values }]) =>
        item(name, meaning, `${values}; default: ${unset}`),
      ),
  ],
  ['Variables that do nothing', ({ environment }) => byReason(environment.dead)],
  ['Variables that are dangerous', ({ environment }) => byReason(environment.dangerous)],
  ['Authentication', authBlocks],
  ['Secrets', ({ secrets }) => [rows(['Read by', secrets.readBy])]],
  ['Execution role', ({ iam }) => statementItems(iam.executionRole)],
  [
    'Task role',
    ({ iam }) => [
      paragraph(iam.why),
      ...(iam.taskRole.length === 0 ? [paragraph('No statements.')] : statementItems(iam.taskRole)),
    ],
  ],
  ['Sessions', sessionBlocks],
  [
    'Size of a task',
    ({ size }) => [
      size
        ? rows(['CPU', `${size.cpu} units`], ['Memory', `${size.memory} MiB`], ['Why', size.why])
        : paragraph(NO_TASK),
    ],
  ],
  ['Timing', timingBlocks],
  [
    'Log lines, in part',
    ({ logs }) =>
      (Object.keys(LOG_LINES) as (keyof typeof LOG_LINES)[])
        .filter((kind) => logs[kind].length > 0)
        .map((kind) => item(LOG_LINES[kind], ...logs[kind])),
  ],
  [
    'Hosts that the server asks besides AWS and the Quilt stack',
    ({ otherHosts }) =>
      otherHosts?.length
        ? otherHosts.map((host) => item(otherHostText(host)))
        : [paragraph(otherHosts ? NO_OTHER_HOSTS : NOBODY_LOOKED)],
  ],
  [
    'Defects',
    ({ defects }) =>
      defects.map(({ what, workaround, shim }) =>
        item(what, `Workaround: ${workaround}`, ...(shim ? [`With the shim: ${shim}`] : [])),
      ),
  ],
  ['Protocol: revisions, and the headers that a client sends', protocolBlocks],
  ['Sources', ({ sources }) => sourceItems(sources)],
];

function inShort(entry: Conventions): Block[] {
  return [
    rows(
      ['Server versions', versionRange(entry.versions)],
      ['Dates', dateRange(entry.dates)],
      ['Status', `${statusOf(entry)}: ${STATUS[statusOf(entry)]}`],
      ...supportRows(entry),
      ['Evidence', evidence(entry)],
    ),
  ];
}

function authBlocks({ auth }: Conventions): Block[] {
  return [
    paragraph(auth.meaning),
    ...Object.entries(auth.modes).map(([mode, { meaning, secret }]) =>
      item(
        `mode ${mode}`,
        meaning,
        ...(secret ? [`secret ${secret.variable}, ${secret.meaning}`, ...withoutIt(secret.without)] : []),
      ),
    ),
    rows(
      ['A request without a token', `gets ${auth.anonymous}`],
      ['A token that nobody signed', `gets ${auth.garbage}`],
    ),
  ];
}

function sessionBlocks({ sessions }: Conventions): Block[] {
  if (!sessions) return [paragraph(NO_TASK)];
  const { stateful, why, off } = sessions;
  return [
    rows(
      ['Sessions', stateful ? 'in the memory of one task' : 'none'],
      ['Why', why],
      ...(off ? [['Turned off by', `${off.variable}=${off.value}`]] : []),
    ),
  ];
}

function timingBlocks({ timing }: Conventions): Block[] {
  return [
    timing
      ? rows(
          ['Start', `${timing.startPeriod} s until healthy, at most, for the smallest task`],
          ['Stop', `${timing.stopTimeout} s from SIGTERM to SIGKILL`],
          ['Open stream', `on SIGTERM it ${openStream(timing)}`],
          ['Why', timing.why],
        )
      : paragraph(NO_TASK),
  ];
}

function protocolBlocks({ protocol: { revisions, headers, otherRevision } }: Conventions): Block[] {
  return [
    rows(...revisions.map((revision) => [revision, (headers[revision] ?? []).join(', ')])),
    ...(otherRevision === undefined ? [] : [item(`Another revision gets ${otherRevision}`)]),
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
    case 'alternative':
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
      ['curl', hasCurl(image)],
      ['Python', image.python],
      ...list(packages, ' ').map((text, index) => [index === 0 ? 'Packages' : '', text]),
      ...list(bakes, '=').map((text, index) => [index === 0 ? 'Sets itself' : '', text]),
      ['Shim', image.shim ? shimBuildsOn(image.shim) : 'none'],
      ...(image.shim ? [['CORS of its own', image.shim.cors]] : []),
    ),
  ];
}

function healthBlocks({ health }: Conventions): Block[] {
  return [
    health
      ? rows(['Path', health.path], ['All paths', health.all.join(', ')], ['Probe', health.probe])
      : paragraph('No task of ours is probed.'),
  ];
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

export function sourceItems(sources: Conventions['sources']): Block[] {
  return sources.map(({ what, at }) => item(`${what} (${at})`));
}
