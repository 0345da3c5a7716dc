import { CATALOGUE, type Change, type Conventions, isAlternative, STEPS, type Step } from '../../src/conventions';
import {
  ANSWER_OF,
  changeTitle,
  dateRange,
  evidence,
  hasCurl,
  NO_OTHER_HOSTS,
  NO_TASK,
  NOBODY_LOOKED,
  openStream,
  otherHostText,
  RESOURCES,
  STATUS,
  type Status,
  sentence,
  shimBuildsOn,
  statusOf,
  versionRange,
} from '../../src/conventions/labels';
import { markdown, markdownCode } from '../escape';
import type { Templates } from '../templates';
import { logRows, withFailure } from './conventions';

/** A page about conventions: a file's name, and its text. */
export interface Page {
  readonly name: string;
  readonly content: string;
}

/** Options of a page for the place where it is written. */
export interface PageOptions {
  /** Origin of the page, as a Markdown sentence for its reader. */
  readonly origin: string;
  /** Ids of the generations that have a page beside this one, and are linked to. */
  readonly pages: readonly string[];
}

/** The pages of every generation, each `<id>.md`, and `README.md`, which lists them. */
export function conventionsPages(templates: Templates, origin: string): Page[] {
  const options = { origin, pages: CATALOGUE.map(({ id }) => id) };
  return [
    { name: 'README.md', content: templates.render('docs/conventions-index.md', indexContext(options)) },
    ...CATALOGUE.map((entry) => ({
      name: `${entry.id}.md`,
      content: conventionsPage(entry, templates, options),
    })),
  ];
}

/** All that the catalogue says of one generation, and of the steps that lead to it and from it, as Markdown. */
export function conventionsPage(entry: Conventions, templates: Templates, options: PageOptions): string {
  return templates.render('docs/conventions.md', pageContext(entry, options));
}

function indexContext({ origin, pages }: PageOptions): object {
  return {
    origin,
    entries: CATALOGUE.map((entry) => ({
      link: linkTo(entry.id, pages),
      versions: versionRange(entry.versions),
      dates: dateRange(entry.dates),
      status: statusOf(entry),
      title: entry.title,
      evidence: evidence(entry),
    })),
    statuses: (Object.keys(STATUS) as Status[])
      .filter((status) => CATALOGUE.some((entry) => statusOf(entry) === status))
      .map((status) => ({ status, meaning: STATUS[status] })),
    steps: STEPS.map(({ from, to, why, noRest }) => ({
      from: linkTo(from, pages),
      to: linkTo(to, pages),
      why,
      stay: isAlternative(to) ? 'another way out' : noRest === undefined ? 'yes' : 'no',
    })),
  };
}

function pageContext(entry: Conventions, { origin, pages }: PageOptions): object {
  const { id, title, summary, support, image, endpoint, environment, auth, iam, sessions, timing, otherHosts } = entry;
  const status = statusOf(entry);
  return {
    ...{ id, title, summary, origin, image, endpoint, auth, iam },
    sessions: sessions ?? null,
    noTask: NO_TASK,
    curl: hasCurl(image),
    secretsReadBy: sentence(entry.secrets.readBy),
    sessionsWhy: sessions ? sentence(sessions.why) : null,
    sizeWhy: entry.size ? sentence(entry.size.why) : null,
    timingWhy: timing ? sentence(timing.why) : null,
    otherHosts: (otherHosts ?? []).map(otherHostText),
    noOtherHosts: otherHosts ? NO_OTHER_HOSTS : NOBODY_LOOKED,
    warning: support.kind === 'unsafe' ? sentence(support.warning) : null,
    size: entry.size ?? null,
    defects: entry.defects.map(({ what, workaround, shim }) => ({ what, workaround, shim: shim ?? null })),
    sources: entry.sources,
    health: entry.health ?? null,
    versions: versionRange(entry.versions),
    dates: dateRange(entry.dates),
    status,
    statusMeaning: STATUS[status],
    unsafe: support.kind === 'unsafe' ? support : null,
    notEmitted: 'instead' in support ? support : null,
    evidence: evidence(entry),
    packages: pairs(image.packages),
    bakes: pairs(image.bakes),
    shim: image.shim ? { buildsOn: shimBuildsOn(image.shim), cors: image.shim.cors } : null,
    fixed: variables(environment.fixed).map(withFailure),
    derived: variables(environment.derived).map((variable) => ({
      ...withFailure(variable),
      answer: ANSWER_OF[variable.from],
    })),
    optional: variables(environment.optional),
    dead: pairs(environment.dead),
    dangerous: pairs(environment.dangerous),
    modes: Object.entries(auth.modes).map(([mode, { meaning, secret }]) => ({
      mode,
      meaning,
      secret: secret ? withFailure(secret) : null,
    })),
    statements: [
      ...iam.executionRole.map((statement) => ({ role: 'execution', ...statement, on: RESOURCES[statement.on] })),
      ...iam.taskRole.map((statement) => ({ role: 'task', ...statement, on: RESOURCES[statement.on] })),
    ],
    sessionsOff: sessions?.off ?? null,
    timing: timing ? { ...timing, openStream: openStream(timing) } : null,
    logs: logRows(entry),
    revisions: entry.protocol.revisions.map((revision) => ({
      revision,
      headers: entry.protocol.headers[revision] ?? [],
    })),
    otherRevision: entry.protocol.otherRevision === undefined ? null : sentence(entry.protocol.otherRevision),
    steps: [
      ...STEPS.filter(({ to }) => to === id).map((step) =>
        stepContext(step, `${kindOf(step)} from ${step.from}`, pages),
      ),
      ...STEPS.filter(({ from }) => from === id).map((step) =>
        stepContext(step, `${kindOf(step)} to ${step.to}`, pages),
      ),
    ],
  };
}

function kindOf({ to }: Step): string {
  return isAlternative(to) ? 'Another way out' : 'Step';
}

function stepContext(step: Step, title: string, pages: readonly string[]): object {
  const { from, to, why, changes, rollOut, noRest, goBack, sources } = step;
  return {
    title,
    anchor: title.toLowerCase().replaceAll(' ', '-'),
    links: `${linkTo(from, pages)} → ${linkTo(to, pages)}`,
    why: sentence(why),
    changes: changes.map(changeContext),
    rollOut,
    noRest: noRest === undefined ? null : sentence(noRest),
    goBack: sentence(goBack),
    sources,
  };
}

function changeContext(change: Change): object {
  const fromTo = change.kind === 'change' ? { from: change.from, to: change.to } : { from: null, to: null };
  return { title: changeTitle(change), ...fromTo, why: change.why };
}

/** An id as Markdown: a link if it has a page. */
function linkTo(id: string, pages: readonly string[]): string {
  return pages.includes(id) ? `[${markdown(id)}](${id}.md)` : markdownCode(id);
}

/** A text as a whole sentence: the catalogue ends some with a full stop, some without. */
function variables<T extends object>(of: Readonly<Record<string, T>>): ({ name: string } & T)[] {
  return Object.entries(of).map(([name, variable]) => ({ name, ...variable }));
}

function pairs(of: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(of).map(([name, value]) => ({ name, value }));
}
