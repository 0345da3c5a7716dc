import { describe, expect, it } from 'vitest';
import type { CallName } from '../../../../src/discovery/calls';
import { CallFailure, Reader } from '../../../../src/discovery/reader';
import { readNamed, readRoles, withServices } from '../../../../src/discovery/reading/named';

const NAMES = {
  deployment: 'quilt',
  service: 'quilt-mcp-server-dev',
  logGroup: '/ecs/quilt-mcp-server-dev',
  repository: 'quilt-mcp-server-dev',
  taskRoles: ['quilt-mcp-server-dev-execution', 'quilt-mcp-server-dev-task'],
};
const TAGGED = { Tags: [{ Key: 'Service', Value: 'quilt-mcp-server-dev' }] };

/** A reader of an account with what a deployment has, some of it made by hand; and the calls with their input. */
function account(other: Partial<Record<CallName, unknown>> = {}) {
  const asked: [CallName, object][] = [];
  const answers: Partial<Record<CallName, unknown>> = {
    targetGroups: {
      TargetGroups: ['nginx', 'quilt-mcp-server-dev', 'quilt-mcp-server-b'].map((name) => ({
        TargetGroupArn: `arn:${name}`,
        TargetGroupName: name,
      })),
    },
    targetGroupTags: {
      TagDescriptions: [
        { ResourceArn: 'arn:quilt-mcp-server-b', Tags: [{ Key: 'Name', Value: 'b' }] },
        { ResourceArn: 'arn:quilt-mcp-server-dev', ...TAGGED },
      ],
    },
    repositories: { repositories: [{ repositoryName: 'quilt-mcp-server-dev', repositoryArn: 'arn:repository' }] },
    repositoryTags: { tags: TAGGED.Tags },
    logGroups: {
      logGroups: ['/ecs/quilt-mcp-server-dev', '/ecs/quilt-mcp-server-dev2'].map((logGroupName) => ({
        logGroupName,
        arn: `arn:${logGroupName}:*`,
      })),
    },
    logGroupTags: { tags: {} },
    ...other,
  };
  const reader = new Reader(async (name, input) => {
    asked.push([name, input]);
    if (answers[name] instanceof Error) throw answers[name];
    return answers[name];
  });
  return { reader, asked };
}

describe('the reading of names that a deployment needs', () => {
  it('the reading for answers asks for their names alone, and reads the tags of what is named so', async () => {
    const { reader, asked } = account();
    expect(await readNamed(reader, 'quilt', NAMES)).toEqual({
      targetGroups: [
        { arn: 'arn:nginx', name: 'nginx' },
        { arn: 'arn:quilt-mcp-server-dev', name: 'quilt-mcp-server-dev', service: 'quilt-mcp-server-dev' },
        { arn: 'arn:quilt-mcp-server-b', name: 'quilt-mcp-server-b', service: null },
      ],
      repositories: [{ name: 'quilt-mcp-server-dev', service: 'quilt-mcp-server-dev' }],
      logGroups: [{ name: '/ecs/quilt-mcp-server-dev', service: null }],
    });
    expect(Object.fromEntries(asked)).toEqual({
      targetGroups: {},
      targetGroupTags: { ResourceArns: ['arn:quilt-mcp-server-dev', 'arn:quilt-mcp-server-b'] },
      repositories: { repositoryNames: ['quilt-mcp-server-dev'] },
      repositoryTags: { resourceArn: 'arn:repository' },
      logGroups: { logGroupNamePrefix: '/ecs/quilt-mcp-server-dev' },
      logGroupTags: { resourceArn: 'arn:/ecs/quilt-mcp-server-dev' },
    });
  });

  it('the reading asks for no tags of a log group that the deployment takes over', async () => {
    const { reader, asked } = account();
    const { logGroups } = await readNamed(reader, 'quilt', { ...NAMES, takesLogGroup: true });
    expect(logGroups).toEqual([{ name: '/ecs/quilt-mcp-server-dev' }]);
    expect(asked.map(([name]) => name)).not.toContain('logGroupTags');
  });

  it('the reading finds no repository where AWS has none, and looks for none that is shared', async () => {
    const none = account({ repositories: new CallFailure('absent', 'RepositoryNotFoundException') });
    expect((await readNamed(none.reader, 'quilt', NAMES)).repositories).toEqual([]);
    expect(none.reader.unseen).toEqual([]);
    const { reader, asked } = account();
    const { repository: _, ...shared } = NAMES;
    expect((await readNamed(reader, 'quilt', shared)).repositories).toEqual([]);
    expect(asked.map(([name]) => name)).not.toContain('repositories');
  });

  it('the reading without a name of a deployment reads no tags', async () => {
    const { reader, asked } = account();
    expect((await readNamed(reader, undefined, undefined)).logGroups).toEqual([
      { name: '/ecs/quilt-mcp-server-dev' },
      { name: '/ecs/quilt-mcp-server-dev2' },
    ]);
    expect(asked.map(([name]) => name).filter((name) => name.endsWith('Tags'))).toEqual([]);
  });

  it.each<[CallName, string]>([
    ['targetGroupTags', 'targetGroups'],
    ['repositoryTags', 'repositories'],
    ['logGroupTags', 'logGroups'],
  ])('the reading without an answer to %s has no part %s', async (call, part) => {
    const { reader } = account({ [call]: new CallFailure('denied', 'AccessDenied') });
    const parts = await readNamed(reader, 'quilt', NAMES);
    expect(Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [name] : []))).toEqual([part]);
    expect(reader.unseen.map((one) => one.call)).toEqual([call]);
  });

  it('the reading takes a target group without a tag for that of a service of this generator which registers with it', () => {
    const service = (name: string, convention?: string) => ({
      name,
      desired: 1,
      running: 1,
      taskDefinition: 'x:1',
      targetGroupArns: [`arn:${name}`],
      ...(convention !== undefined && { convention }),
    });
    const groups = [
      { arn: 'arn:ours', name: 'a', service: null },
      { arn: 'arn:old', name: 'b', service: null },
      { arn: 'arn:c', name: 'c', service: 'tagged' },
      { arn: 'arn:d', name: 'd' },
    ];
    const services = [service('ours', 'g3b'), service('old')];
    expect(withServices(groups, services)?.map((one) => one.service)).toEqual(['ours', null, 'tagged', undefined]);
    // Without the services, it may be either.
    expect(withServices(groups, undefined)?.map((one) => one.service)).toEqual([
      undefined,
      undefined,
      'tagged',
      undefined,
    ]);
    expect(withServices(undefined, services)).toBeUndefined();
  });

  const role = { Role: { Tags: [{ Key: 'Service', Value: 'quilt-mcp-server-dev' }] } };
  const deployed = {
    name: 'quilt-mcp-server-dev',
    desired: 1,
    running: 1,
    taskDefinition: 'x:1',
    targetGroupArns: [],
    convention: 'g3b',
  };
  const [execution, task] = NAMES.taskRoles as [string, string];

  it('the reading finds which roles have the names of a deployment, and whose they are', async () => {
    const made = account({ role });
    expect(await readRoles(made.reader, { ...NAMES, trafficRole: 'traffic' }, [])).toEqual(
      [execution, task, 'traffic'].map((name) => ({ name, isThere: true, service: 'quilt-mcp-server-dev' })),
    );
    expect(made.asked).toEqual([execution, task, 'traffic'].map((RoleName) => ['role', { RoleName }]));
    const byHand = account({ role: { Role: {} } });
    expect(await readRoles(byHand.reader, NAMES, [])).toEqual(
      [execution, task].map((name) => ({ name, isThere: true, service: null })),
    );
    const none = account({ role: new CallFailure('absent', 'NoSuchEntity') });
    expect(await readRoles(none.reader, NAMES, undefined)).toEqual(
      [execution, task].map((name) => ({ name, isThere: false })),
    );
    expect(none.reader.unseen).toEqual([]);
  });

  it('the reading asks for no role of tasks that run, and for the one that a new kind of deployments brings', async () => {
    const { reader, asked } = account({ role: new CallFailure('absent', 'NoSuchEntity') });
    expect(await readRoles(reader, { ...NAMES, trafficRole: 'traffic' }, [deployed])).toEqual([
      { name: execution, isThere: true, service: 'quilt-mcp-server-dev' },
      { name: task, isThere: true, service: 'quilt-mcp-server-dev' },
      { name: 'traffic', isThere: false },
    ]);
    expect(asked).toEqual([['role', { RoleName: 'traffic' }]]);
  });

  it('the reading has no part roles without names, or without an answer', async () => {
    expect(await readRoles(account().reader, undefined, [])).toBeUndefined();
    const { reader } = account({ role: new CallFailure('denied', 'AccessDenied') });
    expect(await readRoles(reader, NAMES, [])).toBeUndefined();
    expect(new Set(reader.unseen.map(({ call }) => call))).toEqual(new Set(['role']));
  });
});
