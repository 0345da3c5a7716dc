import { LAST_PRIORITY } from '../../config/environment/routing';
import { describeValue, type Problem } from '../../config/problem';
import { urlHost } from '../../config/url-host';
import { blockOf } from '../listener-block';
import { type Draft, type LooseNetwork, type LooseRouting, looseObject, type Subject } from '../unchecked';

/** `/mcp` is taken on the host of every environment's registry. */
export function registryHostsAreNotRouted({ subjects }: Draft): Problem[] {
  const registryHosts = subjects.flatMap(({ environment }) => urlHost(environment.registryUrl) ?? []);
  return subjects.flatMap(({ path, environment }) => {
    const { host } = looseObject<LooseRouting>(environment.routing);
    return typeof host === 'string' && registryHosts.includes(host)
      ? [
          {
            path: `${path}.routing.host`,
            found: host,
            message: "must not be the registry's host: Quilt 1.68 and later serve /mcp/platform there",
          },
        ]
      : [];
  });
}

/** On one listener, no two environments may take the same host, or overlapping priorities. */
export function listenerCollisions({ subjects }: Draft): Problem[] {
  const problems: Problem[] = [];
  subjects.forEach((second, index) => {
    for (const first of subjects.slice(0, index)) {
      const listener = looseObject<LooseNetwork>(first.environment.network).listenerArn;
      if (
        typeof listener !== 'string' ||
        listener !== looseObject<LooseNetwork>(second.environment.network).listenerArn
      ) {
        continue;
      }
      const [a, b] = [
        looseObject<LooseRouting>(first.environment.routing),
        looseObject<LooseRouting>(second.environment.routing),
      ];
      if (typeof a.host === 'string' && a.host === b.host) {
        problems.push({
          path: `${second.path}.routing.host`,
          found: b.host,
          message: `is taken by ${first.path} on the same listener; each needs a host of its own`,
        });
      }
      if (typeof a.certificateArn === 'string' && a.certificateArn === b.certificateArn) {
        problems.push({
          path: `${second.path}.routing.certificateArn`,
          found: describeValue(b.certificateArn),
          message: `is put on the same listener by ${first.path}: destroying one would take it from both; give each its own`,
        });
      }
      const [blockA, blockB] = [blockOf(first.environment), blockOf(second.environment)];
      if (blockA.some((taken) => blockB.includes(taken))) {
        problems.push({
          path: `${second.path}.routing.priority`,
          found: String(b.priority),
          message: `takes ${range(blockB)} on the same listener as ${first.path}, which takes ${range(blockA)}; take another priority, or fewer rules by cors.foreignOrigins forward and routing.answerOauthProbes false`,
        });
      }
    }
  });
  return [...problems, ...subjects.flatMap(blockEndsInRange)];
}

/** One name in one hosted zone is one alias record. */
export function aliasCollisions({ subjects }: Draft): Problem[] {
  const aliases = subjects.flatMap(({ path, environment }) => {
    const { host, hostedZoneId } = looseObject<LooseRouting>(environment.routing);
    return typeof host === 'string' && typeof hostedZoneId === 'string'
      ? [{ path, host, name: `${host} ${hostedZoneId}` }]
      : [];
  });
  return aliases.flatMap(({ path, host, name }, index) => {
    const first = aliases.slice(0, index).find((other) => other.name === name);
    return first
      ? [{ path: `${path}.routing.host`, found: host, message: `has its alias record made by ${first.path} already` }]
      : [];
  });
}

function blockEndsInRange({ path, environment }: Subject): Problem[] {
  const block = blockOf(environment);
  const { priority } = looseObject<LooseRouting>(environment.routing);
  return Number(priority) <= LAST_PRIORITY && block.some((taken) => taken > LAST_PRIORITY)
    ? [
        {
          path: `${path}.routing.priority`,
          found: String(priority),
          message: `takes priorities up to ${block.at(-1)}, and the last is ${LAST_PRIORITY}`,
        },
      ]
    : [];
}

export function range(block: readonly number[]): string {
  return block.length > 2 ? `${block[0]} to ${block.at(-1)}` : block.join(' and ');
}
