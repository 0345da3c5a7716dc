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
  otherHost,
  RESOURCES,
  STATUS,
  shimBuildsOn,
  statusOf,
  versionRange,
} from '../conventions/labels';
import { type Block, item, paragraph, rows, type Section } from './text-blocks';

/** Everything that an entry of the catalogue says. */
export function entrySections(entry: Conventions): Section[] {
  const { environment, auth, iam, sessions, size, timing, logs, otherHosts } = entry;
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
            ...(secret ? [`secret ${secret.variable}, ${secret.meaning}`, ...withoutIt(secret.without)] : []),
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
        sessions
          ? rows(
              ['Sessions', sessions.stateful ? 'in the memory of one task' : 'none'],
              ['Why', sessions.why],
              ...offRows(sessions.off),
            )
          : paragraph(NO_TASK),
      ],
    },
    {
      title: 'Size of a task',
      blocks: [
        size
          ? rows(['CPU', `${size.cpu} units`], ['Memory', `${size.memory} MiB`], ['Why', size.why])
          : paragraph(NO_TASK),
      ],
    },
    {
      title: 'Timing',
      blocks: [
        timing
          ? rows(
              ['Start', `${timing.startPeriod} s until healthy, at most, for the smallest task`],
              ['Stop', `${timing.stopTimeout} s from SIGTERM to SIGKILL`],
              ['Open stream', `on SIGTERM it ${openStream(timing)}`],
              ['Why', timing.why],
            )
          : paragraph(NO_TASK),
      ],
    },
    {
      title: 'Log lines, in part',
      blocks: (Object.keys(LOG_LINES) as (keyof typeof LOG_LINES)[])
        .filter((kind) => logs[kind].length > 0)
        .map((kind) => item(LOG_LINES[kind], ...logs[kind])),
    },
    {
      title: 'Hosts that the server asks besides AWS and the Quilt stack',
      blocks: otherHosts?.length
        ? otherHosts.map((host) => item(otherHost(host)))
        : [paragraph(otherHosts ? NO_OTHER_HOSTS : NOBODY_LOOKED)],
    },
    {
      title: 'Defects',
      blocks: entry.defects.map(({ what, workaround, shim }) =>
        item(what, `Workaround: ${workaround}`, ...(shim ? [`With the shim: ${shim}`] : [])),
      ),
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
        ...otherRevision(entry),
      ],
    },
    { title: 'Sources', blocks: sourceItems(entry.sources) },
  ];
}

function otherRevision({ protocol }: Conventions): Block[] {
  return protocol.otherRevision === undefined ? [] : [item(`Another revision gets ${protocol.otherRevision}`)];
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

export function sourceItems(sources: Conventions['sources']): Block[] {
  return sources.map(({ what, at }) => item(`${what} (${at})`));
}
