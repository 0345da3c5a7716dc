import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../generators/templates';
import { analysisOf } from '../../../src/analysis/analysis';
import { junit } from '../../../src/analysis/junit';
import { permissionText } from '../../../src/analysis/network-map';
import { analysisReport } from '../../../src/analysis/report';
import { CHECKS } from '../../../src/discovery/findings';
import type { Takeover } from '../../../src/discovery/takeover';
import { healthyAccount } from '../../support/healthy-account';

const templates = loadTemplates(join(__dirname, '../../../templates'));
const HEALTHY = analysisOf(healthyAccount());
const HOSTILE = '<b>|`x`\n# y';
const ILL = analysisOf({
  ...healthyAccount((parts) => ({
    ...parts,
    cluster: null,
    idleTimeout: 60,
    subnets: undefined,
    webAcl: { name: HOSTILE, byCountry: [HOSTILE], bySize: [] },
    stack: { ...parts.stack!, name: HOSTILE },
  })),
  unseen: [{ call: 'subnets', reason: 'denied', said: 'AccessDenied' }],
});

describe('an analysis of an account', () => {
  it('an analysis has the deployment that its proposals come to judged', () => {
    expect(HEALTHY.verdict).toEqual({ findings: [], unknown: [], judged: CHECKS.length });
    expect(HEALTHY.answers).toMatchObject({ account: '111122223333' });
  });

  it('an analysis judges the deployment with the one priority that there is, if the rules of a server must move first', () => {
    const OLD = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/old/0123456789abcdef';
    const beside = (others: readonly number[]) =>
      analysisOf(
        healthyAccount((parts) => ({
          ...parts,
          services: [{ name: 'old-mcp', desired: 1, running: 1, taskDefinition: 'old-mcp:1', targetGroupArns: [OLD] }],
          running: [{ service: 'old-mcp', image: 'x/mcp:0.9.2', variables: [], secrets: [], plaintextSecrets: [] }],
          targetGroups: [...parts.targetGroups, { arn: OLD, name: 'old' }],
          listeners: parts.listeners.map((one) => {
            const [catalog] = one.rules;
            const old = {
              ...catalog!,
              RuleArn: 'arn:old',
              Priority: '20',
              Actions: [{ Type: 'forward', TargetGroupArn: OLD }],
            };
            const elsewhere = others.map((other) => ({
              ...catalog!,
              Priority: String(other),
              Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['other.example.com'] } }],
            }));
            return { ...one, rules: [...one.rules, old, ...elsewhere] };
          }),
        })),
      );
    const analysis = beside([]);
    expect(analysis.assumed).toMatchObject({ path: 'routing.priority', value: 10 });
    expect(analysis.answers).not.toHaveProperty('routing.priority');
    expect(analysis.takeovers[0]!.way).toMatchObject({ first: 10, before: [{ from: 20 }] });
    const { unknown, findings } = analysis.verdict;
    expect(unknown.map(({ check }) => check).filter((check) => !['task-role'].includes(check))).toEqual([]);
    expect(findings.filter(({ severity, check }) => severity === 'error' && check !== 'open')).toEqual([]);
    expect(analysisReport(analysis, templates)).toContain('is judged with routing.priority 10');
    expect(HEALTHY).not.toHaveProperty('assumed');
    // Without a candidate there is nothing to judge it with.
    const none = beside([1, 6, 12, 18]);
    expect(none).not.toHaveProperty('assumed');
    expect(none.verdict.unknown.map(({ check }) => check)).toContain('way-in');
  });

  it('an analysis is a report, in which nothing of the account is markup', () => {
    expect(analysisReport(HEALTHY, templates)).toContain('Nothing was found.');
    const report = analysisReport(ILL, templates);
    expect(report).not.toMatch(/<b>(?![^\n]*`)/);
    expect(report.split('\n').filter((line) => line.startsWith('# '))).toEqual(['# Analysis of account 111122223333']);
    expect(report).toContain('needs ec2:DescribeSubnets');
    for (const row of report.split('\n').filter((line) => line.startsWith('|'))) {
      expect([3, 4], row).toContain(row.replaceAll('\\|', '').split('|').length - 1);
    }
  });

  it('an analysis is a report with the steps from a server that runs already, as commands', () => {
    const takeover = { service: HOSTILE, image: 'x/mcp:0.9.2', generations: ['g1b'], targetGroups: ['old'] };
    const moves = [{ arn: 'arn:aws:elasticloadbalancing:rule/1', from: 10, to: 24 }];
    const reported = (way?: Takeover['way']) =>
      analysisReport({ ...HEALTHY, takeovers: [{ ...takeover, priorities: [10], ...(way && { way }) }] }, templates);
    const command = (to: number) =>
      `\n   aws elbv2 set-rule-priorities --region us-east-1 --rule-priorities RuleArn=arn:aws:elasticloadbalancing:rule/1,Priority=${to}\n`;
    const whole = reported({ before: [], first: 11, after: moves });
    expect(whole).toContain('`routing.priority` of the environment to 11');
    expect(whole.indexOf(command(24))).toBeLessThan(whole.indexOf(command(10)));
    expect(whole).not.toContain('to the front');
    expect(reported({ before: [{ ...moves[0]!, to: 1 }], first: 11, after: moves })).toContain(command(1));
    expect(reported({ before: [], after: [] })).toContain('There is no room');
    expect(reported()).toContain('so both can run');
    expect(whole).not.toMatch(/<b>(?![^\n]*`)/);
    expect(analysisReport(HEALTHY, templates)).not.toContain('run already');
  });

  it('an analysis is a report with a map of the network', () => {
    const report = analysisReport(HEALTHY, templates);
    expect(report).toMatch(/```mermaid\nflowchart LR\n {2}alb\["quilt-LoadBalancer-0A1B<br>internet-facing/);
    expect(report).toContain('out by nat-0a0a0a0a');
  });

  it.each([
    [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }, 'everything, 0.0.0.0/0'],
    [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: 'sg-1' }] }, 'tcp 80, sg-1'],
    [{ IpProtocol: 'udp', FromPort: 1, ToPort: 9 }, 'udp 1-9, other peers'],
  ])('an analysis says a permission in a few words', (permission, text) => {
    expect(permissionText(permission)).toBe(text);
  });

  it('an analysis is JUnit XML: failures for errors, and what has no result is skipped', () => {
    const { findings, unknown, judged } = ILL.verdict;
    const planned = analysisOf(healthyAccount((parts) => ({ ...parts, idleTimeout: 60 })));
    expect(junit('check dev', planned.verdict, CHECKS)).toContain(`tests="${CHECKS.length}" failures="0" skipped="0"`);
    const error = {
      check: 'cluster',
      severity: 'error' as const,
      text: 'a < b & "c"',
      effect: 'x',
      evidence: 'y',
      remedy: 'z',
    };
    const xml = junit('check dev', { findings: [...findings, error], unknown, judged }, CHECKS);
    expect(xml).toContain('<failure message="a &#60; b &#38; &#34;c&#34;">x\nz</failure>');
    expect(xml.match(/<skipped /g)).toHaveLength(unknown.length);
    expect(xml.match(/<testcase /g)).toHaveLength(CHECKS.length);
  });
});
