import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { loadTemplates } from '../../../generators/templates';
import type { EnvironmentAnswers } from '../../../src/config/environment';
import { exampleAnswers } from '../../../src/config/example';
import { type Answers, TARGETS } from '../../../src/config/repository';
import { findDeployable, LATEST, stepsBetween } from '../../../src/conventions';
import { changeTitle } from '../../../src/conventions/labels';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { compareResources } from '../../../src/resources/impact';
import { refusals } from '../../../src/resources/refusals';
import { resourcesOf } from '../../../src/resources/resources';
import type { ClientChange } from '../../../src/upgrade/client-changes';
import { netChanges } from '../../../src/upgrade/net-changes';
import { reportFiles, reportName } from '../../../src/upgrade/report';
import type { UpgradeReport } from '../../../src/upgrade/upgrade-report';
import { FUTURE_STEPS, inventFuture } from '../../support/future';
import { anchors, links, prose, tables } from '../../support/markdown';
import { REGISTRY_VARIABLE } from '../../support/newest';

inventFuture();

const templates = loadTemplates(join(__dirname, '../../../templates'));

type Target = NonNullable<Answers['target']>;
type Change = (dev: EnvironmentAnswers, answers: Answers) => void;

function deploymentOf(conventions: string, target: Target, change: Change = () => {}) {
  const answers = exampleAnswers(findDeployable(conventions)!, target);
  change(answers.environments.dev!, answers);
  return resolveDeployment(readConfig(answers, 'test'));
}

const NEWEST = LATEST.id;

function upgrade(
  from: string,
  to: string,
  target: Target = 'terraform',
  before?: Change,
  after?: Change,
): UpgradeReport {
  const [old, now] = [deploymentOf(from, target, before), deploymentOf(to, target, after)];
  return {
    date: '2026-11-21',
    target,
    from: { conventions: from, image: old.image.version, generator: '1.0.0' },
    to: { conventions: to, image: now.image.version, generator: '1.1.0' },
    environments: now.environments.map(({ name }) => name),
    steps: from === NEWEST ? FUTURE_STEPS.slice(0, to === 'g8a' ? 1 : 2) : stepsBetween(from, to),
    answers: [],
    warnings: [],
    impact: compareResources(resourcesOf(old), resourcesOf(now), target),
    files: [
      { path: 'README.md', change: 'updated' },
      { path: 'docs/a|b.md', change: 'created' },
      { path: 'mcp-deploy.json', change: 'updated' },
    ],
  };
}

const share: Change = (_, answers) => {
  for (const environment of Object.values(answers.environments)) {
    environment.registry = { scope: 'shared', account: '111122223333', region: 'us-east-1' };
  }
};

const forget: Change = (_, answers) => {
  delete answers.environments.dev;
};

/** As versions emitted it that had no rules for foreign origins and OAuth metadata. */
const withoutRules: Change = (dev) => {
  dev.cors = { foreignOrigins: 'forward' };
  dev.routing = { ...onCatalog(dev), answerOauthProbes: false };
};
const withRules: Change = (dev) => {
  dev.routing = onCatalog(dev);
};
const onCatalog = ({ catalogUrl }: EnvironmentAnswers) =>
  ({ mode: 'path', host: new URL(catalogUrl).host, priority: 10 }) as const;

const newRules = (before: Change = withoutRules): UpgradeReport => ({
  ...upgrade(NEWEST, NEWEST, 'terraform', before, withRules),
  steps: [],
  answers: ['environments.dev.network.albEgress nothing → present: a | reason'],
  warnings: ['environments.dev: the listener rule 30 would never be reached'],
});

const REPORTS: readonly (readonly [string, UpgradeReport])[] = [
  ...TARGETS.flatMap((target) =>
    [
      ['g1a', NEWEST],
      ['g2c', NEWEST],
      ['g3b', NEWEST],
      [NEWEST, 'g8b'],
    ].map(([from, to]) => [`${from} to ${to} with ${target}`, upgrade(from!, to!, target)] as const),
  ),
  ['half of a move', upgrade(NEWEST, 'g8a')],
  ['a generation that is unsafe', upgrade('g1a', 'g1b')],
  ['a shared registry', upgrade('g3b', NEWEST, 'cdk', share, share)],
  ['an environment that goes', upgrade('g3b', NEWEST, 'terraform', undefined, forget)],
  ['a generator alone', { ...upgrade(NEWEST, NEWEST), steps: [] }],
  ['nothing at all', { ...upgrade(NEWEST, NEWEST), steps: [], files: [], impact: [] }],
  ['a way back', { ...upgrade(NEWEST, 'g3b'), steps: [] }],
  ['what was not known', { ...upgrade('g2c', NEWEST), impact: null }],
  ['new listener rules', newRules()],
  ['a plan', { ...upgrade('g2c', NEWEST), source: { dev: 'plan' } }],
];

const textOf = (report: UpgradeReport) => reportFiles(report, templates)[0]!.content;
const jsonOf = (report: UpgradeReport) => JSON.parse(reportFiles(report, templates)[1]!.content);

describe.each(REPORTS)('the report of %s', (_, report) => {
  const text = textOf(report);
  const shown = plain(text);

  it('the report of an upgrade has every change of a resource that is not of its tags alone', () => {
    const cells = tables(text).map((table) => table.map((row) => row.map(plain)));
    for (const change of report.impact ?? []) {
      const others = change.properties.filter((name) => !name.startsWith('tags.'));
      if (change.action === 'update' && others.length === 0) continue;
      const row = cells
        .flat()
        .find(
          ([, , key, properties, holdsData, note]) =>
            key === change.key &&
            others.every((name) => properties?.includes(name)) &&
            holdsData === (change.holdsData ? 'yes' : 'no') &&
            note?.includes(change.note ?? ''),
        );
      expect(row, `${change.environment} ${change.id}`).toBeDefined();
    }
  });

  it('the report of an upgrade has what is refused, loudly, or says that nothing is', () => {
    const refused = refusals(report.impact ?? []);
    const [table] = tables(section(text, 'What is refused'));
    expect(table?.slice(1).map((row) => [plain(row[0]!), plain(row[2]!)]) ?? []).toEqual(
      refused.map(({ change }) => [change.environment, change.key]),
    );
    expect(text.includes('> **Data or requests of clients are at stake.**')).toBe(refused.length > 0);
    expect(text.includes('> **What is deployed is not known**')).toBe(report.impact === null);
    expect(text.includes('Nothing that holds data is replaced or destroyed')).toBe(
      report.impact !== null && refused.length === 0,
    );
  });

  it('the report of an upgrade has all that the steps say, the way back from its end', () => {
    const wanted = report.steps.flatMap(({ why, rollOut }) => [why, ...rollOut]);
    expect(wanted.filter((part) => !shown.includes(part))).toEqual([]);
    const back = report.steps.map(({ goBack }) => shown.indexOf(goBack.slice(1)));
    expect(back.every((place) => place > 0)).toBe(true);
    expect([...back].sort((a, b) => b - a)).toEqual(back);
    for (const { to, noRest } of report.steps) {
      if (noRest === undefined) continue;
      const isLast = to === report.to.conventions;
      expect(shown).toContain(isLast ? `Nobody should stay at ${to}:` : `${to} is not deployed on its own: ${noRest}`);
    }
  });

  it('the report of an upgrade has what needs a hand, and what to look at', () => {
    const titles = netChanges(report.steps)
      .map(({ change }) => change)
      .filter(({ what, kind }) => what !== 'variable' || kind === 'rename')
      .map(changeTitle);
    const listed = plain(section(text, 'What needs a hand'));
    expect(titles.filter((title) => !listed.includes(title))).toEqual([]);
  });

  it('the report of an upgrade rolls out in the order of promotion', () => {
    const rollOut = section(text, 'Roll out');
    const places = report.environments.map((name) => rollOut.indexOf(`npm run deploy:${name}`));
    expect(places.every((place) => place > 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
  });

  it('the report of an upgrade lists the files', () => {
    expect(report.files.filter(({ path }) => !shown.includes(path))).toEqual([]);
  });

  it('the report of an upgrade is Markdown without a fault', () => {
    for (const table of tables(text)) {
      expect(table.length).toBeGreaterThan(1);
      expect(table.filter((row) => row.length !== table[0]!.length)).toEqual([]);
    }
    const rows = prose(text).match(/^\|/gm)?.length ?? 0;
    expect(tables(text).reduce((sum, table) => sum + table.length + 1, 0)).toBe(rows);
    expect(links(text).filter(({ target }) => !anchors(text).includes(target.slice(1)))).toEqual([]);
    expect(text).not.toMatch(/undefined|\[object Object\]|\{\{|NaN|\bnull\b/);
    expect(text).not.toMatch(/[ \t]$/m);
    expect(text).not.toMatch(/\n\n\n/);
    expect(text).not.toMatch(/\.\.(?:\s|$)/m);
    // A list, a table or a heading has an empty line before it.
    expect(text).not.toMatch(/^(?![-|#>\s1]).+\n(?:- |1\. |\||#)/m);
    expect(text).toMatch(/[^\n]\n$/);
  });

  it('the report of an upgrade has the answers that it changed, and warnings of those of now', () => {
    expect(report.answers.filter((line) => !plain(section(text, 'Answers')).includes(line))).toEqual([]);
    const warnings = plain(section(text, 'Warnings')).toLowerCase();
    expect(report.warnings.filter((line) => !warnings.includes(line.toLowerCase()))).toEqual([]);
    expect(jsonOf(report)).toMatchObject({ answers: report.answers, warnings: report.warnings });
  });

  it('the report of an upgrade says the same as JSON', () => {
    const { refusals: refused, impact, files, path, notDeployed, rollOut, goBack, source } = jsonOf(report);
    expect(impact).toEqual(report.impact && JSON.parse(JSON.stringify(report.impact)));
    expect(refused?.length).toBe(report.impact ? refusals(report.impact).length : undefined);
    expect(files).toEqual(report.files);
    expect([path[0], path.at(-1)]).toEqual([report.from.conventions, report.to.conventions]);
    expect(
      notDeployed.every(({ conventions }: { conventions: string }) => path.slice(1, -1).includes(conventions)),
    ).toBe(true);
    expect(rollOut.environments).toEqual(report.environments);
    expect(goBack).toHaveLength(report.steps.length);
    expect(Object.keys(source)).toEqual(expect.arrayContaining([...report.environments]));
  });
});

describe('a report', () => {
  const of = (name: string) => REPORTS.find(([title]) => title === name)![1];

  it('the report of an upgrade is two files of their owner, by day and what moved', () => {
    expect(
      reportFiles(of(`g2c to ${NEWEST} with cdk`), templates).map(({ path, ownership }) => [path, ownership]),
    ).toEqual([
      [`docs/upgrades/2026-11-21-g2c-${NEWEST}.md`, 'owned'],
      [`docs/upgrades/2026-11-21-g2c-${NEWEST}.json`, 'owned'],
    ]);
    expect(reportName(of('a generator alone'))).toBe('2026-11-21-1.0.0-1.1.0');
    const image = { ...of('a generator alone'), to: { conventions: NEWEST, image: 'a/../b', generator: '1.0.0' } };
    expect(reportName(image)).toBe(`2026-11-21-${LATEST.image.defaultVersion}-a-..-b`);
    const nothing = { ...image, to: image.from };
    expect(reportName(nothing)).toBe(`2026-11-21-${NEWEST}-${NEWEST}`);
  });

  it('the report of an upgrade says what is passed through and not deployed on its own', () => {
    const way = ['g1a', ...stepsBetween('g1a', NEWEST).map(({ to }) => to)].join(' → ');
    expect(plain(section(textOf(of(`g1a to ${NEWEST} with terraform`)), 'The way'))).toMatch(
      new RegExp(
        `${way} .* ${NEWEST} alone is deployed\\. - gap is not deployed on its own: .* - g3a is not deployed on its own:`,
      ),
    );
    expect(
      jsonOf(of(`g1a to ${NEWEST} with terraform`)).notDeployed.map((one: { conventions: string }) => one.conventions),
    ).toEqual(['gap', 'g3a']);
    expect(textOf(of('half of a move'))).toContain('**Nobody should stay at `g8a`:** it is half of a move.');
    expect(textOf(of('a generation that is unsafe'))).toContain('**Unsafe.** ');
  });

  it('the report of an upgrade says where it is known from', () => {
    const text = textOf(of('a plan'));
    expect(section(text, 'What happens in AWS')).toMatch(
      /### `dev`\n\nKnown from a plan of Terraform\.[\s\S]*### `staging`\n\nKnown from the resource graph of this repository; nothing was asked of AWS\./,
    );
    expect(jsonOf(of('a plan')).source).toEqual({ dev: 'plan', staging: 'graph', production: 'graph' });
  });

  it('the report of an upgrade has what is shared first, and what is left behind', () => {
    const shared = textOf(of('a shared registry'));
    expect(shared.indexOf('### `shared`, which environments share')).toBeLessThan(shared.indexOf('### `dev`'));
    expect(shared.indexOf('`npm run registry:shared`')).toBeGreaterThan(0);
    expect(shared.indexOf('`npm run registry:shared`')).toBeLessThan(shared.indexOf('`npm run deploy:dev`'));
    expect(shared).not.toContain('`npm run registry:staging`');
    const left = section(textOf(of('an environment that goes')), 'What happens in AWS');
    expect(left.indexOf('### `dev`')).toBeGreaterThan(left.indexOf('### `production`'));
    expect(left).toMatch(/### Left behind\n\n[\s\S]*- ECR repository `quilt-mcp-server-dev`/);
  });

  it('the report of an upgrade keeps image and environment together, if both move', () => {
    const warning = 'deploy nothing while `deploy/images/` still has the digest of `0.14.1`';
    expect(textOf(of(`g2c to ${NEWEST} with cdk`))).toContain(warning);
    expect(textOf(of('a generator alone'))).not.toContain('deploy nothing while');
  });

  it('the report of an upgrade asks for new values, and for what clients have to know', () => {
    const hand = section(textOf(of(`${NEWEST} to g8b with terraform`)), 'What needs a hand');
    expect(hand).toContain(`- [ ] add secret SIGNING\\_KEY (${NEWEST} → g8a): tokens are signed with it`);
    expect(hand).toContain(`- [ ] rotate secret what the registry signs with (${NEWEST} → g8a)`);
    expect(hand).toMatch(
      /- \[ \] change client URL of the endpoint \(g8a → g8b\): it moved\n {2}- from: …\/mcp\n {2}- to: …\/quilt/,
    );
    const renamed = `${REGISTRY_VARIABLE} to QUILT_PLATFORM_URL`.replaceAll('_', '\\_');
    expect(hand.slice(hand.indexOf('Look whether'))).toContain(`- rename variable ${renamed}`);
    expect(section(textOf(of(`g3b to ${NEWEST} with cdk`)), 'What needs a hand')).toContain('Nothing: no secret');
  });

  it('the report of an upgrade says who gets another answer by new listener rules, and what their owner can set', () => {
    const report = of('new listener rules');
    const hand = plain(section(textOf(report), 'What needs a hand'));
    expect(hand).toContain('- [ ] Pages of other origins get 403 from the load balancer now (dev). Name the origins');
    expect(hand).toContain('or set cors.foreignOrigins to forward.');
    expect(hand).toContain('- [ ] Requests for OAuth metadata of the host get 404 from the load balancer now (dev).');
    expect(hand).toContain('set routing.answerOauthProbes to false.');
    expect(hand).not.toContain('no change for clients');
    expect(jsonOf(report).forClients.map(({ environments, status }: ClientChange) => [environments, status])).toEqual([
      [['dev'], 403],
      [['dev'], 404],
    ]);
  });

  it('the report of an upgrade says that nothing changes for clients only if that is known', () => {
    const same = newRules(withRules);
    expect(plain(section(textOf(same), 'What needs a hand'))).toContain('and no change for clients.');
    expect(jsonOf(same).forClients).toEqual([]);
    const unknown = { ...same, impact: null };
    const hand = plain(section(textOf(unknown), 'What needs a hand'));
    expect(hand).toContain('no secret to make or to rotate. What changes for clients is not known.');
    expect(jsonOf(unknown).forClients).toBeNull();
  });

  it('the report of an upgrade says nothing of clients where an environment is new', () => {
    const { impact, ...report } = of('new listener rules');
    const created = impact!.map((change) => ({ ...change, action: 'create' as const, id: change.id }));
    const rule = { ...created.find(({ id }) => id === 'otherOriginRule')!, id: 'listenerRule' };
    expect(jsonOf({ ...report, impact: [...created, rule] }).forClients).toEqual([]);
  });

  it('the report of an upgrade says once what is unsafe', () => {
    const warning = (findDeployable('g1b')!.support as { warning: string }).warning;
    const report = { ...of('a generation that is unsafe'), warnings: [warning] };
    expect(plain(textOf(report)).split(plain(warning))).toHaveLength(2);
    expect(jsonOf(report).warnings).toEqual([warning]);
  });
});

/** The text below a heading of the second level. */
function section(text: string, heading: string): string {
  const start = text.indexOf(`\n## ${heading}\n`);
  if (start < 0) return '';
  const end = text.indexOf('\n## ', start + 1);
  return text.slice(start, end < 0 ? undefined : end);
}

/** What a reader sees of Markdown, in one line. */
function plain(markdown: string): string {
  return markdown
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/\\([\\`*_{}[\]<>|~&#+.)-])/g, '$1')
    .replace(/`|\*\*/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
