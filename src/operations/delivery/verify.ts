import { setTimeout as sleep } from 'node:timers/promises';

import { type Aws, awsCli } from '../aws-cli';
import { imagesOf, targetStates } from '../ecs-service';
import { Failed } from '../failed';
import { type Session, say } from '../session';
import { digestOf } from './digest-file';
import type { DeliveryEnvironment } from './environments';
import { summarise } from './workflow-output';

const POLL_MS = 10_000;
/** A deployment that moves the traffic in steps takes its time; the job has a limit of its own. */
const LONGEST_MS = 45 * 60_000;
const SMOKE_TRIES = 5;

/** ECS's description of a service. */
interface Service {
  readonly status: string;
  readonly deployments: readonly {
    readonly status: string;
    readonly rolloutState?: string;
    readonly rolloutStateReason?: string;
  }[];
  readonly runningCount: number;
  readonly desiredCount: number;
  readonly taskDefinition: string;
  readonly loadBalancers: readonly {
    readonly targetGroupArn?: string;
    readonly advancedConfiguration?: { readonly alternateTargetGroupArn?: string };
  }[];
}

/**
 * Waits until a service runs its image, by AWS's view of it. Then sends a request; not if the answers say that
 * workflows do not reach it, unless `request` asks for it.
 *
 * @throws Failed if the service does not come to rest, runs another image, has unhealthy targets or a wrong response
 */
export async function verify(
  session: Session,
  environment: DeliveryEnvironment,
  { request = false }: { readonly request?: boolean } = {},
): Promise<void> {
  const { name, smoke } = environment;
  const digest = digestOf(session, environment);
  if (digest === null) throw new Failed(`No image is named for ${name} yet.`);
  const aws = awsCli(session, environment.region);
  const service = await steadyService(aws, environment);
  await checkImage(aws, environment, service, digest);
  await checkTargets(aws, service);
  if (service.desiredCount === 0) {
    say(session, `${name} runs no task (capacity.desired), so no request is sent.`);
    return;
  }
  if (environment.verify === 'aws' && !request) {
    summarise(
      session,
      `${name} runs ${digest}: the service is at rest and its targets are healthy. No request was sent to ${smoke.url}, because \`delivery.verify\` is \`aws\`. To send one, from inside its network: \`npm run verify:${name} -- --request\``,
    );
    return;
  }
  await checkAnswer(smoke);
  say(session, `${name} runs ${digest}.`);
}

async function steadyService(aws: Aws, { name, service }: DeliveryEnvironment): Promise<Service> {
  const which = ['--cluster', service.cluster, '--services', service.name];
  const deadline = Date.now() + LONGEST_MS;
  for (;;) {
    const { services } = await aws<{ services: Service[] }>('ecs', 'describe-services', ...which);
    const found = services.find(({ status }) => status === 'ACTIVE');
    if (!found) throw new Failed(`There is no service ${service.name}: ${name} is not deployed.`);
    const primary = found.deployments.find(({ status }) => status === 'PRIMARY');
    if (primary?.rolloutState === 'FAILED') {
      throw new Failed(`The deployment failed: ${primary.rolloutStateReason ?? 'ECS does not say why'}`);
    }
    const isCompleted = primary?.rolloutState === undefined || primary.rolloutState === 'COMPLETED';
    if (primary && found.deployments.length === 1 && isCompleted && found.runningCount === found.desiredCount) {
      return found;
    }
    if (Date.now() > deadline) {
      const { runningCount, desiredCount } = found;
      throw new Failed(`${service.name} does not come to rest: ${runningCount} of ${desiredCount} tasks run.`);
    }
    await sleep(POLL_MS);
  }
}

/** A deployment that ECS took back is at rest, too. */
async function checkImage(
  aws: Aws,
  { name }: DeliveryEnvironment,
  { taskDefinition }: Service,
  digest: string,
): Promise<void> {
  const images = await imagesOf(aws, taskDefinition);
  if (!images.some((image) => image.endsWith(`@${digest}`))) {
    throw new Failed(
      `${name} runs ${images.join(', ')}, and not ${digest}: the deployment was taken back, or not made.`,
    );
  }
}

/** The load balancer's own view: the health check needs no token, and is not reached from outside. */
async function checkTargets(aws: Aws, { loadBalancers, desiredCount }: Service): Promise<void> {
  const groups = loadBalancers.flatMap(({ targetGroupArn, advancedConfiguration }) => [
    targetGroupArn,
    advancedConfiguration?.alternateTargetGroupArn,
  ]);
  let healthy = 0;
  for (const group of groups) {
    if (!group) continue;
    healthy += (await targetStates(aws, group)).filter((state) => state === 'healthy').length;
  }
  if (healthy < desiredCount) throw new Failed(`${healthy} of ${desiredCount} targets are healthy.`);
}

const HINT =
  ' If it is reached from inside a network only, run the workflow there (delivery.runner) or leave this request out (delivery.verify): docs/delivery.md, A URL that GitHub does not reach.';

/** A request without a token. */
async function checkAnswer({ url, body, status }: DeliveryEnvironment['smoke']): Promise<void> {
  let said = '';
  for (let tries = 0; tries < SMOKE_TRIES; tries++) {
    if (tries > 0) await sleep(POLL_MS);
    try {
      const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
      const signal = AbortSignal.timeout(30_000);
      const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      await answer.body?.cancel();
      if (answer.status === status) return;
      said = `answers ${answer.status}`;
      // Letting in a caller without a token does not mend itself.
      if (answer.status === 200) break;
    } catch (error) {
      const { message, cause } = error as Error;
      said = `does not answer: ${cause instanceof Error ? cause.message : message}`;
    }
  }
  const hint = said.startsWith('does not') || said.endsWith('403') ? HINT : '';
  throw new Failed(`${url} ${said} to a request without a token, and should answer ${status}.${hint}`);
}
