import type { Rule, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import { type AlbRequest, routeRequest } from '../../../src/discovery/listener-rules';

const host = (...Values: string[]): RuleCondition => ({ Field: 'host-header', HostHeaderConfig: { Values } });
const path = (...Values: string[]): RuleCondition => ({ Field: 'path-pattern', PathPatternConfig: { Values } });
const header = (HttpHeaderName: string, ...Values: string[]): RuleCondition => ({
  Field: 'http-header',
  HttpHeaderConfig: { HttpHeaderName, Values },
});

function rule(target: string, Priority: string, ...Conditions: RuleCondition[]): Rule {
  return { Priority, Conditions, Actions: [{ Type: 'forward', TargetGroupArn: target }] };
}

const fallback = rule('default', 'default');

/** The target that a request reaches when these conditions guard one rule. */
function reaches(conditions: RuleCondition[], request: Partial<AlbRequest>): boolean {
  const rules = [fallback, rule('ours', '10', ...conditions)];
  return routeRequest(rules, { host: 'example.com', path: '/', ...request }).TargetGroupArn === 'ours';
}

describe('routeRequest', () => {
  it('routeRequest takes the rule with the lowest number first, not the lowest string, and the default last', () => {
    const rules = [fallback, rule('late', '100', path('/a')), rule('early', '9', path('/a'))];
    expect(routeRequest(rules, { host: 'h', path: '/a' }).TargetGroupArn).toBe('early');
    expect(routeRequest(rules, { host: 'h', path: '/b' }).TargetGroupArn).toBe('default');
  });

  it.each([
    ['/mcp?version=1', true],
    ['/mcp?version=2', false],
    ['/mcp', false],
  ])('routeRequest takes a rule for a query string, asked for %s: %s', (asked, expected) => {
    const query = { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'version', Value: '1*' }] } };
    expect(reaches([query], { path: asked })).toBe(expected);
  });

  it('routeRequest needs all conditions of a rule and any value of a condition', () => {
    const conditions = [host('a.example.com', 'b.example.com'), path('/mcp', '/mcp/*')];
    expect(reaches(conditions, { host: 'b.example.com', path: '/mcp/x' })).toBe(true);
    expect(reaches(conditions, { host: 'c.example.com', path: '/mcp/x' })).toBe(false);
    expect(reaches(conditions, { host: 'a.example.com', path: '/mcpx' })).toBe(false);
  });

  it.each([
    ['MCP.Example.com', 'mcp.example.com', true],
    ['*.example.com', 'a.b.EXAMPLE.com', true],
    ['*.example.com', 'example.com', false],
    ['mcp?.example.com', 'mcp1.example.com', true],
    ['mcp?.example.com', 'mcp.example.com', false],
    ['mcp.example.com', 'mcpxexample.com', false],
  ])('routeRequest takes a rule for the host %s, asked for %s: %s', (pattern, asked, expected) => {
    expect(reaches([host(pattern)], { host: asked })).toBe(expected);
  });

  it.each([
    ['/mcp/*', '/mcp/', true],
    ['/mcp/*', '/mcp/a/b', true],
    ['/mcp/*', '/mcp', false],
    ['/mcp', '/mcp?x=/mcp/', true],
    ['/mcp', '/MCP', false],
    ['/mcp', '/x/mcp', false],
    ['/m?p', '/mcp', true],
    ['/a+b', '/aab', false],
  ])('routeRequest takes a rule for the path %s, asked for %s: %s', (pattern, asked, expected) => {
    expect(reaches([path(pattern)], { path: asked })).toBe(expected);
  });

  it('routeRequest ignores case in the name and the values of a header, and needs the header', () => {
    const conditions = [header('X-Origin', 'https://*.Example.com')];
    expect(reaches(conditions, { headers: { 'x-origin': 'HTTPS://a.example.com' } })).toBe(true);
    expect(reaches(conditions, { headers: { 'x-origin': 'https://evil.com' } })).toBe(false);
    expect(reaches(conditions, {})).toBe(false);
  });

  it('routeRequest matches the method, GET unless said', () => {
    const conditions: RuleCondition[] = [
      { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET', 'POST'] } },
    ];
    expect(reaches(conditions, {})).toBe(true);
    expect(reaches(conditions, { method: 'DELETE' })).toBe(false);
  });

  it('routeRequest returns the action that ends a rule', () => {
    const Actions: Rule['Actions'] = [
      { Type: 'forward', TargetGroupArn: 'ours', Order: 2 },
      { Type: 'authenticate-oidc', Order: 1 },
    ];
    expect(routeRequest([{ Priority: 'default', Actions }], { host: 'h', path: '/' }).Type).toBe('forward');
  });

  it('routeRequest refuses what it does not model', () => {
    expect(() => reaches([{ Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } }], {})).toThrow(
      'source-ip',
    );
    expect(() => reaches([{ Field: 'host-header', HostHeaderConfig: {} }], {})).toThrow('regular expression');
    expect(() => routeRequest([], { host: 'h', path: '/' })).toThrow('default');
  });
});
