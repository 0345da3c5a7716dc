import { logs } from '../../src/config/environment/logs';
import { urlHost } from '../../src/config/url-host';
import { isDevelopment } from '../../src/config/validate';
import { enumerate } from '../../src/conventions/labels';
import { deliveryOf } from '../../src/model/delivery/first-layer';
import type { Deployment, Environment } from '../../src/model/deployment';
import { isOnCatalogHost, isShadowed, rulesOf } from '../../src/model/listener-block';
import { CATALOG_PRIORITY } from '../../src/model/routing';
import { priorityBlock } from './layers';

/** Reason of a decision for one environment: facts of its answers, whether it is the default, or that its owner chose it. */
export type DecisionReason = (environment: Environment, deployment: Deployment) => string;

const DEFAULT = 'It is the default.';
const DEFAULT_LOGS = logs.parse({});

function sentences(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}

/** The decision about the address. */
export const whyAddress: DecisionReason = (environment) => {
  const { service, catalogUrl } = environment;
  const { domain, listenerPriority, listenerRules } = service;
  const { host } = listenerRules[0]!;
  const catalogHost = urlHost(catalogUrl);
  if (domain) {
    return sentences(
      `You chose ${host}, which is ${host === catalogHost ? "the catalog's host" : `not the catalog's host, ${catalogHost}: no rule of the catalog takes its requests`}.`,
      domain.certificateArn
        ? 'Your answers name its certificate.'
        : 'Your answers name no certificate, so one is issued in its hosted zone.',
      domain.hostedZoneId
        ? `Its record is made in the hosted zone ${domain.hostedZoneId}.`
        : 'Your answers name no hosted zone, so its record is yours to make.',
    );
  }
  const priorities = listenerRules.map(({ priority }) => priority);
  return isOnCatalogHost(environment)
    ? sentences(
        `${host} is the catalog's own host: the listener serves it already, so that no name, no certificate and no change of DNS is needed.`,
        priorities.length === 1
          ? `The answer routing.priority, ${listenerPriority}, is the only priority that this environment takes.`
          : `The answer routing.priority, ${listenerPriority}, is the first of the block ${priorityBlock(service)}. The rules of this environment are at ${enumerate(priorities.map(String))}.`,
        !priorities.some(isShadowed) &&
          `${priorities.length === 1 ? 'It' : 'All of the block'} comes before rule ${CATALOG_PRIORITY}, by which a Quilt stack takes this host to the catalog.`,
      )
    : `You chose ${host}, which is not the catalog's host, ${catalogHost}: by your answers the listener serves it already, so that no name and no certificate is needed.`;
};

/** The decision about deployments. */
export const whyDeployments: DecisionReason = ({ service }, deployment) => {
  const { rollout, answers } = service;
  const { alarms, shift } = rollout;
  const stops =
    alarms.length > 0 && `${counted(alarms.length, 'alarm')} of yours can stop a deployment and take it back.`;
  if (!shift) {
    return sentences(DEFAULT, ...obstaclesToShifts(service, deployment), stops);
  }
  const minutes = counted(shift.bakeTimeInMinutes, 'minute');
  const back = `For ${minutes} after that, it can move back at once.`;
  const gains = {
    BLUE_GREEN: `All traffic moves at once. ${back}`,
    CANARY: `A fault meets ${shift.step?.percent} % of the requests first, for ${counted(shift.step?.bakeTimeInMinutes ?? 0, 'minute')}. ${back}`,
    LINEAR: `The load of the new tasks grows by ${shift.step?.percent} % of the requests every ${counted(shift.step?.bakeTimeInMinutes ?? 0, 'minute')}. ${back}`,
  };
  return sentences(
    `You chose ${answers.deployment.strategy} in the place of the default, rolling.`,
    gains[shift.strategy],
    stops || 'No alarm is named, so only the health of the tasks stops a deployment.',
  );
};

/** Facts for which the traffic cannot move between two sets of tasks, or had better not. */
function obstaclesToShifts({ answers }: Environment['service'], { target, conventions }: Deployment): string[] {
  const { off, stateful } = conventions.sessions;
  const keepsSessions = stateful && !(off && answers.environment[off.variable] === off.value);
  const namesOrigins = answers.cors.allowedOrigins.length > 0 || answers.cors.foreignOrigins === 'refuse';
  return [
    ...(target === 'terraform' ? ["The target is Terraform, whose AWS provider 5.x can't move traffic."] : []),
    ...(keepsSessions
      ? [`The server of conventions ${conventions.id} keeps sessions in a task: no second set of tasks knows them.`]
      : []),
    ...(namesOrigins && rulesOf(answers).foreignOrigins === 'refuse'
      ? ['Your answers about browsers take several listener rules, and ECS moves the traffic of one.']
      : []),
  ];
}

/** The decision about authentication. */
export const whyAuthentication: DecisionReason = ({ service: { answers } }, { conventions }) => {
  const { mode } = answers.auth;
  const { modes } = conventions.auth;
  const others = Object.keys(modes).filter((other) => other !== mode);
  return sentences(
    others.length === 0
      ? `It is the only way of conventions ${conventions.id}:`
      : `You chose it; conventions ${conventions.id} have ${enumerate(others)}, too:`,
    `${modes[mode]!.meaning}.`,
    answers.auth.secretArn !== undefined && 'Your answers name the secret.',
  );
};

/** The decision about browsers. */
export const whyBrowsers: DecisionReason = ({ service }) => {
  const { allowedOrigins, foreignOrigins } = service.answers.cors;
  const refuses = service.listenerRules.some(({ action }) => action === 'forbid');
  const isChosen = foreignOrigins !== undefined;
  return sentences(
    allowedOrigins.length === 0
      ? `${DEFAULT} No answer names a page from elsewhere.`
      : `You named ${counted(allowedOrigins.length, 'origin')} beside the host.`,
    refuses
      ? `The listener answers any other page with 403, as the MCP specification demands against DNS rebinding${isChosen ? ': so you chose' : ''}.`
      : `Any other page is forwarded, and gets no headers of CORS${isChosen ? ': so you chose' : ', for refusing takes several listener rules, and ECS moves the traffic of one'}.`,
  );
};

/** The decision about compliance. */
export const whyCompliance: DecisionReason = (environment) => {
  const { name, service } = environment;
  const { logs: kept, permissionsBoundaryArn, deliveryBoundaryArn } = service.answers;
  const named = [
    kept.kmsKeyArn && 'the key of the logs',
    permissionsBoundaryArn && "the boundary of the tasks' roles",
    deliveryBoundaryArn && "the boundary of the workflows' roles",
  ].filter((one) => one !== undefined);
  const usual = !isDevelopment(name);
  return sentences(
    kept.retention === DEFAULT_LOGS.retention
      ? `${kept.retention} days are the default.`
      : `You chose ${kept.retention} days in the place of the default, ${DEFAULT_LOGS.retention}.`,
    named.length > 0 ? `You named ${enumerate(named)}.` : 'No answer names a key or a boundary.',
    deliveryBoundaryArn !== undefined &&
      !deliveryOf(environment) &&
      'That of the workflows counts once they have roles: no answer names an identity provider.',
    service.logGroup.retain !== usual
      ? `You chose what a destroy leaves: by default, ${usual ? 'images and logs outlive it' : 'it removes them, for the name begins with dev'}.`
      : `What a destroy leaves is the default${usual ? '' : ' of an environment whose name begins with dev'}.`,
  );
};

/** The decision about image repositories. */
export const whyImages: DecisionReason = (environment, { environments, sharedRegistry }) => {
  const { account, registry } = environment;
  if (registry) {
    const beside = environments.filter((other) => other !== environment && other.account === account);
    return sentences(
      DEFAULT,
      `Account ${account} holds every image that it runs.`,
      beside.length > 0
        ? `${enumerate(beside.map(({ name }) => name))} ${beside.length === 1 ? 'is' : 'are'} in that account, too.`
        : environments.length > 1 && 'No other environment is in that account: a fault of theirs does not reach it.',
    );
  }
  const sharing = environments.filter((other) => other.registry === undefined).map(({ name }) => name);
  return sentences(
    'You chose it in the place of the default, a repository of its own.',
    sharing.length > 1 &&
      `${enumerate(sharing)} share it: each image is stored once, and the same digest runs in each.`,
    sharedRegistry!.account === account
      ? 'It is in the account of this environment.'
      : `It is in another account than this environment, ${account}: its policy lets the roles there pull.`,
  );
};

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
