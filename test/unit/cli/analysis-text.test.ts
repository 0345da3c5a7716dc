import { describe, expect, it } from 'vitest';
import { analysisOf } from '../../../src/analysis/analysis';
import { analysisSections, verdictSummary } from '../../../src/cli/analysis-text';
import { formatSections } from '../../../src/cli/text-blocks';
import { CHECKS } from '../../../src/discovery/findings';
import type { Snapshot } from '../../../src/discovery/snapshot';
import { healthyAccount } from '../../support/healthy-account';

const textOf = (snapshot: Snapshot, width = 100) => formatSections(analysisSections(analysisOf(snapshot)), width);

describe('an analysis in a terminal', () => {
  it('an analysis has the answers below the evidence that they share, and what is to be chosen', () => {
    const text = textOf(healthyAccount());
    expect(text).toContain('stack quilt · account 111122223333 · us-east-1\n  27 calls, nothing written');
    expect(text).toMatch(
      /\n {2}load balancer quilt-LoadBalancer-0A1B: aws elbv2 describe-load-balancers\n {6}network\.vpcId +vpc-0a0a0a0a\n {6}network\.albSecurityGroupIds +\["sg-/,
    );
    expect(text).toMatch(
      /Yours to choose\n {2}routing\.hostedZoneId: .*\n {6}Z0123456789ABCDEFGHIJ\n {10}zone example\.com/,
    );
    expect(text).not.toMatch(/Errors|Not known/);
  });

  it('an analysis has its findings by severity, and the permission that shows what is not known', () => {
    const ill = healthyAccount((parts) => ({
      ...parts,
      cluster: null,
      idleTimeout: 60,
      oidcProviders: [],
      subnets: undefined,
    }));
    const text = textOf({ ...ill, unseen: [{ call: 'subnets', reason: 'denied', said: 'AccessDenied' }] });
    expect(text).toMatch(/Notes\n {2}- account 111122223333 has no identity provider/);
    expect(text).toMatch(
      /Not known\n.*needs ec2:DescribeSubnets\n.*Are the tasks' subnets in two availability zones\?/s,
    );
  });

  it.each([40, 80, 100])('an analysis fits %i columns, but for words that are longer', (width) => {
    const long = textOf(
      healthyAccount((parts) => ({ ...parts, oidcProviders: [] })),
      width,
    )
      .split('\n')
      .filter((line) => line.length > width && line.trim().includes(' '));
    // A row of a long ARN keeps the name of its answer before it.
    expect(long.filter((line) => !/^ +(network|routing|\/)\S* +\S+$/.test(line) && width > 40)).toEqual([]);
  });

  it('an analysis ends with the numbers of its checks', () => {
    expect(verdictSummary({ findings: [], unknown: [], judged: 12 })).toBe('12 checks, nothing found');
    const { verdict } = analysisOf(healthyAccount((parts) => ({ ...parts, oidcProviders: [], subnets: undefined })));
    expect(verdictSummary(verdict)).toMatch(/^\d+ checks: 1 note; \d+ without a result$/);
    expect(verdict.judged + verdict.unknown.length).toBe(CHECKS.length);
  });
});
