import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { CreateTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CALLS, type CallName, readingPolicy } from '../../src/discovery/calls';
import { readAccount } from '../../src/discovery/reading';
import { nameOf } from '../../src/model/names';
import { awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { type Asker, startAsker } from '../support/ask';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { EMULATOR } from '../support/engines/emulator';
import { type Guard, startGuard } from '../support/guard';
import { runServer } from '../support/old-server';

const READER = 'reader';
/** Clusters are listed only if no stack names one, and quotas only if the usual ones might not do. */
const RARE = ['clusters', 'limits'];

describe.skipIf(await lacks(EMULATOR))('a role with the policy that analyze prints', () => {
  let emulator: Emulator;
  let guard: Guard;
  let asker: Asker;
  let stack: EmulatedQuiltStack;
  beforeAll(async () => {
    emulator = await startEmulator();
    guard = await startGuard(emulator);
    stack = await createQuiltStack(emulator);
    await runServer(emulator, stack, {
      service: 'old-mcp',
      image: '730278974607.dkr.ecr.us-east-1.amazonaws.com/quiltdata/mcp:0.21.0',
      variables: { FASTMCP_TRANSPORT: 'http' },
      priority: 10,
      paths: ['/mcp'],
    });
    const { iam, ecr, elb, logs } = awsClients(emulator);
    // Tags are asked for of what is named as a deployment's alone.
    const [Name, repositoryName, logGroupName] = (['targetGroup', 'repository', 'logGroup'] as const).map((kind) =>
      nameOf(kind, stack.name, 'dev'),
    );
    const group = { Name, Protocol: 'HTTP', Port: 8000, VpcId: stack.vpcId, TargetType: 'ip' } as const;
    await elb.send(new CreateTargetGroupCommand(group));
    await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await iam.send(new CreateRoleCommand({ RoleName: READER, AssumeRolePolicyDocument: '{}' }));
    const PolicyDocument = JSON.stringify(readingPolicy());
    await iam.send(new PutRolePolicyCommand({ RoleName: READER, PolicyName: 'read', PolicyDocument }));
    asker = startAsker({ env: { ...emulator.env, AWS_ENDPOINT_URL: guard.url } });
  });
  afterAll(async () => {
    asker?.stop();
    await guard?.stop();
    await emulator?.stop();
  });

  /** Reads the account as the role, without some of its permissions. */
  const readWithout = async (...denied: readonly string[]) => {
    await guard.become(READER, denied);
    guard.clear();
    const { catalogHost: host, region } = stack;
    const catalog = { source: `https://${host}/config.json`, url: `https://${host}`, host, region };
    const names = {
      deployment: stack.name,
      service: nameOf('service', stack.name, 'dev'),
      logGroup: nameOf('logGroup', stack.name, 'dev'),
      taskRoles: [nameOf('taskRole', stack.name, 'dev')],
    };
    const named = { listenerArn: stack.listenerArn, vpcId: stack.vpcId, cluster: stack.clusterName, names };
    const { unseen } = await readAccount(asker.ask, { region, catalog, named }, new Date());
    return { unseen, refused: [...guard.refused] };
  };

  it('a role with the policy that analyze prints reads a whole account, and the server that runs in it', async () => {
    expect(await readWithout()).toEqual({ unseen: [], refused: [] });
    const made = [...new Set(asker.calls)].sort();
    expect(made).toEqual(
      Object.keys(CALLS)
        .filter((name) => !RARE.includes(name))
        .sort(),
    );
  });

  const ACTIONS = Object.entries(CALLS)
    .filter(([name]) => !RARE.includes(name))
    .flatMap(([name, { actions }]) => actions.map((action) => [action, name as CallName] as const));

  it.each(ACTIONS)(
    'a role with the policy that analyze prints, without %s, does not see what that shows, and says so',
    async (action, name) => {
      const { unseen, refused } = await readWithout(action);
      expect(new Set(refused.map((one) => one.split(' ')[0]))).toEqual(new Set([action]));
      expect([...new Set(unseen.map(({ call }) => call))]).toEqual([name]);
      expect(unseen.every(({ reason }) => reason === 'denied')).toBe(true);
    },
  );
});
