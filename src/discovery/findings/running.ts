import { LATEST } from '../../conventions';
import { enumerate } from '../../conventions/labels';
import { generationOf } from '../generation';
import { NotModelled } from '../listener-rules';
import type { AllParts, Running } from '../snapshot';
import { type Found, ofAccount } from './check';

type RunningParts = Pick<AllParts, 'running' | 'services'>;

/**
 * Findings about each server. One that cannot be judged hides none about another.
 *
 * @throws NotModelled if nothing is found, and one of them cannot be judged
 */
function ofEach(seen: RunningParts, find: (running: Running, seen: RunningParts) => readonly Found[]): Found[] {
  const notModelled: NotModelled[] = [];
  const found = seen.running.flatMap((running) => {
    try {
      return find(running, seen);
    } catch (error) {
      if (!(error instanceof NotModelled)) throw error;
      notModelled.push(error);
      return [];
    }
  });
  if (found.length === 0 && notModelled.length > 0) throw notModelled[0]!;
  return found;
}

function evidenceOf({ service }: Running): string {
  return `task definition of the service ${service}: aws ecs describe-task-definition`;
}

/** MCP servers that run already, with their generation. */
export const DEPLOYED = ofAccount('deployed', 'Does no other MCP server run here?', ['running', 'services'], (seen) =>
  ofEach(seen, (running, { services }) => {
    const service = services.find(({ name }) => name === running.service);
    const { generations, by } = generationOf(running, service);
    const ids = generations.map(({ id }) => id);
    const generation = ids.length === 0 ? 'an unknown generation' : `generation ${ids.join(' or ')}`;
    const isOurs = service?.convention !== undefined;
    return [
      {
        severity: 'note',
        text: `the service ${running.service} runs an MCP server of ${generation} (${by})`,
        evidence: evidenceOf(running),
        effect: isOurs
          ? 'This generator made it: its own repository deploys it.'
          : ids.includes(LATEST.id)
            ? 'A deployment of this generator would run beside it.'
            : `A deployment of ${LATEST.id} runs beside it: clients reach the one whose listener rule comes first.`,
        remedy: isOurs
          ? 'Change it in that repository.'
          : 'Deploy beside it, move its clients, then remove it: the report of analyze has the steps, under "Servers that run already".',
      },
    ];
  }),
);

/** Servers that let callers in without a token, or with one that anybody can sign. */
export const OPEN = ofAccount(
  'open',
  'Does every running server check its callers?',
  ['running', 'services', 'cluster'],
  (seen, { region }) => {
    const { cluster } = seen;
    return ofEach(seen, (running, { services }) => {
      const { generations } = generationOf(
        running,
        services.find(({ name }) => name === running.service),
      );
      const names = [...running.variables, ...running.secrets];
      const reasons = generations.map(({ id, auth, environment, image }) => {
        if (auth.anonymous < 400) return `${id} answers a request without a token with ${auth.anonymous}`;
        const settings = Object.entries({ ...environment.fixed, ...environment.derived });
        const secrets = Object.values(auth.modes).flatMap(({ secret }) =>
          secret ? [[secret.variable, secret] as const] : [],
        );
        const missing = [...settings, ...secrets].find(
          ([name, { without }]) =>
            !names.includes(name) &&
            image.bakes[name] === undefined &&
            (without?.fails === 'open' || without?.fails === 'forgeable'),
        );
        return (
          missing &&
          `${id} without ${missing[0]} ${missing[1].without?.fails === 'open' ? 'lets everybody in' : 'takes tokens that anybody can sign'}`
        );
      });
      const open = reasons.filter((reason) => reason !== undefined);
      if (reasons.length > 0 && open.length === 0) return [];
      // Of several generations that it may be, each must say so.
      if (open.length < reasons.length || reasons.length === 0) {
        const may = open.length > 0 ? `: ${open.join('; ')}` : '';
        throw new NotModelled(`which generation the service ${running.service} runs is not known${may}`);
      }
      return [
        {
          severity: 'error',
          text: `the service ${running.service} does not check its callers: ${open.join('; ')}`,
          evidence: evidenceOf(running),
          effect: 'Anybody who reaches the load balancer can use its tools, with the permissions of its task role.',
          remedy: `Stop it: aws ecs update-service --region ${region} --cluster ${cluster?.name} --service ${running.service} --desired-count 0. Deploy a generation that checks tokens in its place.`,
        },
      ];
    });
  },
);

/** Secrets that stand in a task definition in plain text. */
export const PLAINTEXT = ofAccount(
  'plaintext-secret',
  'Does no running server have a secret in plain text?',
  ['running'],
  ({ running }) =>
    running
      .filter(({ plaintextSecrets }) => plaintextSecrets.length > 0)
      .map((server) => ({
        severity: 'error' as const,
        text: `the service ${server.service} has ${enumerate(server.plaintextSecrets)} in plain text in its task definition`,
        evidence: evidenceOf(server),
        effect: 'Everybody who may describe task definitions reads it, also of old revisions.',
        remedy: 'Make a new secret in Secrets Manager, name it under secrets of the container, and revoke the old one.',
      })),
);

/** Task roles that give every caller what the server's generation leaves to the caller's own token. */
export const TASK_ROLE = ofAccount(
  'task-role',
  "Do running servers act with their callers' permissions alone?",
  ['running', 'services'],
  (seen) =>
    ofEach(seen, (running, { services }) => {
      const service = services.find(({ name }) => name === running.service);
      const { generations } = generationOf(running, service);
      const { taskRolePolicies } = running;
      if (!taskRolePolicies) throw new NotModelled('needs iam:ListAttachedRolePolicies, iam:ListRolePolicies');
      if (taskRolePolicies.length === 0) return [];
      const needsNone = generations.length > 0 && generations.every(({ iam }) => iam.taskRole.length === 0);
      if (!needsNone) {
        // This generator gives the role what the generation needs, in one policy.
        if (service?.convention !== undefined && generations.length === 1 && taskRolePolicies.length === 1) return [];
        const needs =
          generations.length === 0
            ? 'its generation is not known'
            : `${generations.map(({ id }) => id).join(' or ')} may need permissions`;
        throw new NotModelled(
          `the task role of the service ${running.service} has ${enumerate(taskRolePolicies)}; ${needs}, and what the policies allow is not read: look at ${running.taskRoleArn ?? 'the role'} in IAM`,
        );
      }
      return [
        {
          severity: 'warning',
          text: `the task role of the service ${running.service} has ${enumerate(taskRolePolicies)}, and ${generations.map(({ id }) => id).join(' or ')} needs no permission`,
          evidence: `${running.taskRoleArn}: aws iam list-attached-role-policies, aws iam list-role-policies`,
          effect:
            "Where a caller's own credentials fail, the server falls back on its task role: each caller may do what the role may do.",
          remedy: 'Remove these policies from the role.',
        },
      ];
    }),
);
