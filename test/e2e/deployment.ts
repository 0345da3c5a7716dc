import { dirname } from 'node:path';
import { CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeListenerCertificatesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { EnvironmentAnswers } from '../../src/config/environment';
import { LATEST } from '../../src/conventions';
import { routeRequest, targetGroupsOf } from '../../src/discovery/listener-rules';
import { type AwsClients, awsClients } from '../../src/rehearsal/clients';
import type { Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack, type EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { FIXED_RESPONSES } from '../../src/resources/listener';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { emulatorProgram } from '../support/engines/emulator';
import { takeInventory } from '../support/inventory';
import { expectedRepository, expectedService, readRepository, readService } from '../support/live';
import { obstaclesOf, placeOf, readNetwork } from '../support/network';
import { proposedBehind } from '../support/proposed-answers';
import { answersBehind, type EmittedRepository, emitRepository, environmentBehind } from '../support/repository';
import { type TargetUnderTest, withoutCheck } from '../support/targets';

const FIRST = `sha256:${'1'.repeat(64)}`;
const SECOND = `sha256:${'2'.repeat(64)}`;

/** A kind of deployment, behind the Quilt stack of the emulator. */
export interface Scenario {
  readonly name: string;
  readonly environment: (
    stack: EmulatedQuiltStack,
    emulator: Emulator,
  ) => Partial<EnvironmentAnswers> | Promise<Partial<EnvironmentAnswers>>;
  readonly host: (stack: EmulatedQuiltStack) => string;
}

export const ON_A_PATH: Scenario = {
  name: 'a path on the catalog host, by the answers that analyze proposes',
  host: (stack) => stack.catalogHost,
  environment: async (stack, emulator) => ({
    ...(await proposedBehind(emulator, stack)),
    capacity: { cpu: 1024, memory: 3072, desired: 3 },
    environment: { QUILT_BROWSING_SESSION_TTL: '60' },
    secrets: {
      FROM_SECRETS_MANAGER: `arn:aws:secretsmanager:us-east-1:${stack.accountId}:secret:quilt/x-AbCdEf:key::`,
      FROM_SSM: `arn:aws:ssm:us-east-1:${stack.accountId}:parameter/quilt/x`,
    },
    logs: { retention: 90 },
    tags: { Team: 'R + D: core@example.com' },
  }),
};

export const ON_A_DOMAIN: Scenario = {
  name: 'a domain of its own, its certificate issued in the zone, browsers of two origins',
  host: () => 'mcp.example.com',
  environment: (stack) => ({
    routing: { mode: 'domain', host: 'mcp.example.com', priority: 200, hostedZoneId: stack.hostedZoneId },
    cors: { allowedOrigins: ['https://a.example.com', 'https://b.example.com', 'https://c.example.com'] },
    network: { ...environmentBehind(stack).network, albIpAddressType: 'dualstack' },
  }),
};

/** Whether a line of the inventory is the record by which ACM validates a certificate of this host. */
function isValidationRecord(line: string, host: string): boolean {
  return /^record-set \S+ _[0-9a-f]+\.(\S+)\. CNAME .*\.acm-validations\.aws\.$/.exec(line)?.[1] === host;
}

/** Deploys a scenario with the tasks of its repository, looks at what AWS then has, and takes it away again. */
export async function describeDeployment(
  { target, engines, approved, destroyApproved, unchanged, unpublished, keepsValidationRecord, start }: TargetUnderTest,
  scenario: Scenario,
): Promise<void> {
  describe.skipIf(await lacks(...engines))(`${target}: ${scenario.name}`, () => {
    let emulator: Emulator;
    let clients: AwsClients;
    let stack: EmulatedQuiltStack;
    let repository: EmittedRepository;
    let before: string[];

    let env: NodeJS.ProcessEnv;
    let stop: () => Promise<void>;

    const task = (name: string, args: readonly string[] = []) => repository.run(name, args, env);
    const succeed = async (name: string, args: readonly string[] = []) => {
      const { exitCode, output } = await task(name, args);
      expect(exitCode, output).toBe(0);
      return output;
    };
    const environment = () => repository.deployment.environments[0]!;

    beforeAll(async () => {
      emulator = await startEmulator();
      clients = awsClients(emulator);
      ({ env, stop } = await start(emulator));
      stack = await createQuiltStack(emulator);
      const dev = environmentBehind(stack, await scenario.environment(stack, emulator));
      repository = emitRepository(answersBehind(stack, { dev }, LATEST, target));
      before = await takeInventory(emulator);
    });
    afterAll(async () => {
      repository?.remove();
      await stop?.();
      await emulator?.stop();
    });

    it(`a deployment with ${target} (${scenario.name}) creates the registry while there is no image`, async () => {
      await succeed('registry:dev', approved);
      const { repository: wanted } = environment().registry!;
      expect(await readRepository(clients, wanted.name)).toEqual(
        expectedRepository(repository.deployment.contract, wanted),
      );
    });

    it(`a deployment with ${target} (${scenario.name}) refuses the service without a digest, and says what to do`, async () => {
      const { exitCode, output } = await task('deploy:dev', withoutCheck(approved));
      expect(exitCode).not.toBe(0);
      expect(output.replace(/[\s│]+/g, ' ')).toMatch(unpublished);
    });

    it(`a deployment with ${target} (${scenario.name}) makes the service once a digest is set, as the model says it`, async () => {
      repository.setDigest('dev', FIRST);
      expect(await succeed('deploy:dev', approved)).toMatch(/^Before the deployment: \d+ checks, nothing found$/m);
      expect(await readService(clients, environment())).toEqual(
        expectedService(repository.deployment, environment(), FIRST),
      );
    });

    it(`a deployment with ${target} (${scenario.name}) has nothing to change once the service is there`, async () => {
      expect(await succeed('plan:dev')).toMatch(unchanged);
      expect(await succeed('registry:dev', approved)).toMatch(unchanged);
    });

    it(`a deployment with ${target} (${scenario.name}) routes what is for the server to it, and nothing else`, async () => {
      const { listeners } = await readNetwork(clients);
      const { rules } = listeners.find(({ arn }) => arn === stack.listenerArn)!;
      const { targetGroupArns } = await placeOf(clients, environment());
      const route = (host: string, path: string, headers: Record<string, string> = {}) =>
        routeRequest(rules, { host, path, headers });
      const reaches = (...request: Parameters<typeof route>) =>
        targetGroupsOf(route(...request)).some((arn) => targetGroupArns.includes(arn));
      const host = scenario.host(stack);
      for (const path of ['/mcp', '/mcp/', '/mcp/x']) {
        expect(reaches(host, path), path).toBe(true);
        expect(reaches(host.toUpperCase(), path), path).toBe(true);
        expect(reaches(stack.registryHost, path), path).toBe(false);
      }
      for (const path of ['/mcpx', '/', '/health', '/MCP', '/x/mcp', '/.well-known/oauth-protected-resource']) {
        expect(reaches(host, path), path).toBe(false);
      }
      const origins = environment().service.listenerRules.flatMap((rule) => rule.origins ?? []);
      for (const origin of origins.filter((candidate) => candidate !== '*')) {
        expect(reaches(host, '/mcp', { Origin: origin }), origin).toBe(true);
      }
      const foreign = route(host, '/mcp', { Origin: 'https://evil.example.com' });
      expect(foreign.FixedResponseConfig?.StatusCode).toBe('403');
      // The pages of the catalog, on which OAuth clients would end, are on its own host alone.
      const probe = route(host, '/.well-known/oauth-authorization-server/mcp').FixedResponseConfig;
      expect(probe?.StatusCode).toBe('404');
      expect(probe?.MessageBody).toBe(host === stack.catalogHost ? FIXED_RESPONSES['not-found'].body : undefined);
      expect(route(stack.catalogHost, '/').Type).toBe('forward');
    });

    it(`a deployment with ${target} (${scenario.name}) is reached by its clients, and reaches what it needs`, async () => {
      expect(await obstaclesOf(clients, environment())).toEqual([]);
    });

    it(`a deployment with ${target} (${scenario.name}) is as it should be for check, status and logs, which know its own rules and log`, async () => {
      const withAws = { ...env, PATH: `${dirname(emulatorProgram('aws'))}:${env.PATH ?? process.env.PATH}` };
      const checked = await repository.run('check:dev', [], withAws);
      expect([checked.exitCode, checked.output]).toEqual([0, expect.stringContaining('checks, nothing found')]);
      // The emulator starts no task, so no target is healthy.
      const shown = await repository.run('status:dev', ['--json'], withAws);
      const status = JSON.parse(shown.output.slice(shown.output.indexOf('{'), shown.output.lastIndexOf('}') + 1));
      const { service } = environment();
      expect(status).toMatchObject({
        named: FIRST,
        images: [expect.stringContaining(`@${FIRST}`)],
        rules: service.listenerRules.map(({ priority }) => ({ priority: String(priority) })),
        problems: [`0 of ${service.answers.capacity.desired} targets are healthy`],
      });
      const to = { logGroupName: service.logGroup.name, logStreamName: 'ecs/server/1' };
      await clients.logs.send(new CreateLogStreamCommand(to));
      const logEvents = [{ timestamp: Date.now(), message: 'the server says so' }];
      await clients.logs.send(new PutLogEventsCommand({ ...to, logEvents }));
      const logs = await repository.run('logs:dev', ['--since', '5m'], withAws);
      expect([logs.exitCode, logs.output]).toEqual([0, expect.stringMatching(/^20\S+Z the server says so$/m)]);
    });

    it(`a deployment with ${target} (${scenario.name}) is refused while a rule would keep its clients away, before anything is changed`, async () => {
      const { Rules } = await clients.elb.send(
        new CreateRuleCommand({
          ListenerArn: stack.listenerArn,
          Priority: 5,
          Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [scenario.host(stack)] } }],
          Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
        }),
      );
      repository.setDigest('dev', SECOND);
      const { exitCode, output } = await task('deploy:dev', approved);
      expect([exitCode, output]).toEqual([1, expect.stringContaining('Nothing was deployed.')]);
      expect(output).toMatch(/✗ rule 5 /);
      expect(await readService(clients, environment())).toEqual(
        expectedService(repository.deployment, environment(), FIRST),
      );
      await clients.elb.send(new DeleteRuleCommand({ RuleArn: Rules![0]!.RuleArn }));
    });

    it(`a deployment with ${target} (${scenario.name}) answers under its domain, with its certificate`, async () => {
      const { domain } = environment().service;
      const { Certificates } = await clients.elb.send(
        new DescribeListenerCertificatesCommand({ ListenerArn: stack.listenerArn }),
      );
      const { ResourceRecordSets } = await clients.route53.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: stack.hostedZoneId }),
      );
      const alias = ResourceRecordSets!.find(({ Type, Name }) => Type === 'A' && Name === `${scenario.host(stack)}.`);
      const own = Certificates!.filter(({ CertificateArn }) => CertificateArn !== stack.certificateArn);
      expect(own).toHaveLength(domain ? 1 : 0);
      const ofHost = ResourceRecordSets!.filter(({ Name }) => Name === `${scenario.host(stack)}.`);
      expect(ofHost.map(({ Type }) => Type).sort()).toEqual(domain ? ['A', 'AAAA'] : []);
      // Route 53 keeps names in small letters; a load balancer that CloudFormation names has large ones.
      expect(alias?.AliasTarget?.DNSName?.replace(/\.$/, '')).toBe(domain && stack.albDnsName.toLowerCase());
    });

    it(`a deployment with ${target} (${scenario.name}) rolls a new digest out, and then has nothing to change`, async () => {
      repository.setDigest('dev', SECOND);
      await succeed('deploy:dev', withoutCheck(approved));
      expect(await readService(clients, environment())).toEqual(
        expectedService(repository.deployment, environment(), SECOND),
      );
      expect(await succeed('plan:dev')).toMatch(unchanged);
    });

    it(`a deployment with ${target} (${scenario.name}) destroys all that it made, and nothing else, also while no digest is set`, async () => {
      repository.setDigest('dev', null);
      await succeed('destroy:dev', destroyApproved);
      const { domain } = environment().service;
      const after = await takeInventory(emulator);
      const mayStay = (line: string) => domain !== undefined && isValidationRecord(line, domain.host);
      expect(after.filter((line) => !mayStay(line))).toEqual(before);
      expect(after.filter(mayStay)).toHaveLength(domain && keepsValidationRecord ? 1 : 0);
      const { services } = await clients.ecs.send(
        new DescribeServicesCommand({ cluster: stack.clusterArn, services: [environment().service.serviceName] }),
      );
      expect(services!.filter(({ status }) => status === 'ACTIVE')).toEqual([]);
    });
  });
}
