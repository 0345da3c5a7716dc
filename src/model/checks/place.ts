import { partitionOf } from '../../config/partitions';
import { describeValue, type Problem } from '../../config/problem';
import { type Answers, TARGETS } from '../../config/repository';
import { AUTH_MODES } from '../../conventions';
import { type Draft, type LooseNetwork, type LooseRouting, looseObject, type Subject } from '../unchecked';

/** Terraform cannot do without a place for its state; the others would leave it unused. */
export function stateIsTerraforms({ answers: { target = 'terraform', state } }: Draft): Problem[] {
  if (target === 'terraform') {
    return state === undefined
      ? [{ path: 'state', message: 'is missing: Terraform keeps its state there; give bucket and region' }]
      : [];
  }
  return TARGETS.some((known) => known === target) && state !== undefined
    ? [{ path: 'state', found: describeValue(state), message: 'only Terraform keeps state there; remove it' }]
    : [];
}

/** A resource in another region or account is refused only half-way through a deployment, or works for nobody. */
export function resourcesAreAtHand({ path, environment, conventions }: Subject): Problem[] {
  const { region, account } = environment;
  if (typeof region !== 'string') {
    return [];
  }
  const network = looseObject<LooseNetwork>(environment.network);
  const { mode = 'bearer', secretArn } = looseObject<{ mode: string; secretArn: string }>(environment.auth);
  const place = { partition: partitionOf(region).id, region, account };
  const arns: readonly (readonly [string, unknown, readonly (keyof typeof place)[]])[] = [
    ['network.listenerArn', network.listenerArn, ['partition', 'region', 'account']],
    ['network.clusterArn', network.clusterArn, ['partition', 'region', 'account']],
    [
      'routing.certificateArn',
      looseObject<LooseRouting>(environment.routing).certificateArn,
      ['partition', 'region', 'account'],
    ],
    [
      'auth.secretArn',
      // One that the mode does not take must go, wherever it is.
      AUTH_MODES.some((known) => known === mode && conventions.auth.modes[known]?.secret) ? secretArn : undefined,
      ['partition', 'region', 'account'],
    ],
    ['logs.kmsKeyArn', looseObject<{ kmsKeyArn: string }>(environment.logs).kmsKeyArn, ['partition', 'region']],
    ['permissionsBoundaryArn', environment.permissionsBoundaryArn, ['partition', 'account']],
    ['deliveryBoundaryArn', environment.deliveryBoundaryArn, ['partition', 'account']],
    // From another account, a secret needs its own key and policies, which nothing here makes.
    ...Object.entries(looseObject(environment.secrets)).map(
      ([name, arn]) => [`secrets.${name}`, arn, ['partition', 'region', 'account']] as const,
    ),
  ];
  return arns.flatMap(([key, arn, parts]) => {
    if (typeof arn !== 'string' || !arn.startsWith('arn:')) {
      return [];
    }
    const [, partition, service, arnRegion, arnAccount] = arn.split(':');
    const found = { partition, region: arnRegion, account: arnAccount };
    // Resources of IAM are in every region, and a policy that AWS manages is in every account.
    const isEverywhere = { partition: false, region: service === 'iam', account: arnAccount === 'aws' };
    const wrong = parts.find(
      (part) => typeof place[part] === 'string' && found[part] !== place[part] && !isEverywhere[part],
    );
    return wrong
      ? [
          {
            path: `${path}.${key}`,
            found: describeValue(arn),
            message: `must be in the environment's ${wrong}, ${place[wrong]}`,
          },
        ]
      : [];
  });
}

/** Nothing of one AWS partition is reached from another. */
export function partitionsAgree({ path, environment }: Subject, { answers }: Draft): Problem[] {
  const { region } = environment;
  const places: readonly [string, unknown][] = [
    [`${path}.registry.region`, looseObject<{ region: string }>(environment.registry).region],
    ['state.region', looseObject<NonNullable<Answers['state']>>(answers.state).region],
  ];
  return places.flatMap(([place, other]) => {
    if (typeof region !== 'string' || typeof other !== 'string' || partitionOf(region).id === partitionOf(other).id) {
      return [];
    }
    return [{ path: place, found: other, message: `is in another AWS partition than ${path}, which is in ${region}` }];
  });
}

/** The registry that environments share is one repository: all who share it name the same place. */
export function sharedRegistries({ subjects }: Draft): Problem[] {
  const sharing = subjects.flatMap(({ path, environment }) => {
    const registry = looseObject<{ scope: string; account: string; region: string }>(environment.registry);
    const { scope, account, region } = registry;
    return scope === 'shared' && account && region ? [{ path, place: `${account} ${region}` }] : [];
  });
  return sharing
    .filter(({ place }) => place !== sharing[0]!.place)
    .map(({ path, place }) => ({
      path: `${path}.registry`,
      found: place,
      message: `must be the account and region that ${sharing[0]!.path} shares: ${sharing[0]!.place}`,
    }));
}
