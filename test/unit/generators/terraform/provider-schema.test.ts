import { describe, expect, it } from 'vitest';

import { VERSIONS } from '../../../../generators/terraform/versions';
import { providerVersion, schemaProblems } from '../../../support/provider-schema';
import { hclOf, VARIANTS } from '../../../support/terraform-variants';

describe("the schema of AWS's provider", () => {
  it.each(Object.keys(VARIANTS) as (keyof typeof VARIANTS)[])(
    "the schema of AWS's provider has all that is written for: %s",
    async (name) => {
      expect(await schemaProblems(hclOf(VARIANTS[name]))).toEqual([]);
    },
  );

  it("the schema is of a version of AWS's provider that the modules admit", () => {
    const [major, minor] = providerVersion().split('.').map(Number);
    const [, least, below] = /^>= 5\.(\d+), < (\d+)$/.exec(VERSIONS.awsProvider)!.map(Number);
    expect(major).toBe(5);
    expect(minor).toBeGreaterThanOrEqual(least!);
    expect(major).toBeLessThan(below!);
  });

  const drifts: [what: string, file: string, from: string | RegExp, to: string, found: string][] = [
    ['a renamed argument', 'main.tf', 'propagate_tags ', 'propagate_tag ', 'there is no propagate_tag'],
    ['an argument of another block', 'network.tf', 'unhealthy_threshold', 'slow_start', 'there is no slow_start'],
    [
      'a block that stands twice',
      'main.tf',
      /( +network_configuration \{[\s\S]*?\n {2}\}\n)/,
      '$1$1',
      'may stand once',
    ],
    ['a required argument that is gone', 'main.tf', /\n *family += [^\n]*/, '', 'family is missing'],
    ['a number that is text', 'network.tf', /from_port +=\s443/, 'from_port = "443"', 'from_port must be a number'],
    ['a text that is a number', 'network.tf', /matcher += "200"/, 'matcher = 200', 'matcher must be a string'],
    ['a truth value that is text', 'main.tf', 'rollback = true', 'rollback = "true"', 'rollback must be a boolean'],
    ['a list that is text', 'routing.tf', /values += local\.path_patterns/, 'values = "/mcp"', 'values must be a list'],
    ['a type that there is not', 'logs.tf', '"aws_cloudwatch_log_group"', '"aws_cloudwatch_logs"', 'no such type'],
    ['a data source that there is not', 'main.tf', 'data "aws_region"', 'data "aws_regio"', 'no such type'],
    [
      'an argument of what is made for each',
      'main.tf',
      /(dynamic "\w+" \{[\s\S]*?content \{)/,
      '$1\nx = 1',
      'there is no x',
    ],
  ];

  it.each(drifts)("the schema of AWS's provider finds %s", async (_, file, from, to, found) => {
    const files = hclOf(VARIANTS['other ports, and a domain']);
    const drifted = files.map(({ path, content }) => ({
      path,
      content: path.endsWith(`/mcp_server/${file}`) ? content.replace(from, to) : content,
    }));
    expect(drifted).not.toEqual(files);
    expect((await schemaProblems(drifted)).join('\n')).toContain(found);
  });
});
