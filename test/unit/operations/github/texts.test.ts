import { describe, expect, it } from 'vitest';

import { driftText } from '../../../../src/operations/github/drift-issue';
import { LONGEST } from '../../../../src/operations/github/markdown';
import { planText } from '../../../../src/operations/github/plan-comment';
import { announcementText, proposalText } from '../../../../src/operations/github/upgrade-texts';

describe('the comment on a pull request', () => {
  it('the comment on a pull request says of each environment what changes, or who knows why it could not be planned', () => {
    const plans = [{ name: 'dev', report: '# x\n' }, { name: 'test' }, { name: 'prod', report: '' }];
    const failed = (name: string) =>
      `\n## ${name}\n\nIt could not be planned: the log of the job plan (${name}) says why. By hand: npm run plan:${name}\n`;
    expect(planText('abc', plans)).toBe(
      `What deploying would change once abc is merged:\n\n## dev\n\n    # x\n${failed('test')}${failed('prod')}`,
    );
  });

  it('the comment on a pull request has the same room for each environment', () => {
    const plans = ['a', 'b', 'c'].map((name) => ({ name, report: 'line\n'.repeat(LONGEST) }));
    const text = planText('abc', plans);
    expect(text.length).toBeLessThan(LONGEST + 1000);
    expect(text.match(/… and more: the log of the workflow has all of it\.\n/g)).toHaveLength(3);
  });
});

describe('the issue about what differs', () => {
  it('the issue about what differs leaves out what does not, and names what nobody knows of', () => {
    expect(driftText([{ name: 'dev', report: '' }])).toBe('');
    expect(driftText([{ name: 'dev', report: '' }, { name: 'test', report: '```\n' }, { name: 'prod' }])).toBe(
      '## test\n\n    ```\n\n## prod\n\nIt could not be compared: the log of the job look (prod) says why. By hand: npm run drift:prod\n\n',
    );
  });
});

describe('what is said of an upgrade', () => {
  it('what is said of an upgrade is its report, and what needs a hand before that', () => {
    expect(proposalText('\n## Roll out\n')).toBe('\n## Roll out\n');
    const hand = proposalText('REPORT', { said: 'x\n<<<', conflicts: 'a.md\nb.md' });
    expect(hand).toMatch(/^> \[!WARNING\]\n> This upgrade needs a hand/);
    expect(hand).toContain(
      'push to this branch:\n\n    a.md\n    b.md\n\nWhat `npm run upgrade` said:\n\n    x\n    <<<\n',
    );
    expect(hand.endsWith('\nREPORT')).toBe(true);
    expect(proposalText('', { said: 'x', conflicts: '' })).not.toContain('these files');
  });

  it('what is said of an upgrade in an issue is what it would do, and how to take it', () => {
    const text = announcementText('g1 → g2\n', '\nREPORT\n');
    expect(text).toContain('\n    npm run upgrade\n');
    expect(text.endsWith('--dry-run` says:\n\n    g1 → g2\n\n\nREPORT\n')).toBe(true);
  });
});
