import { type Fate, type Impact, NAME_TAKEN, type ResourceChange } from './impact';

/** A change that nobody makes unless they mean it. */
export interface Refusal {
  readonly change: ResourceChange;
  /** The loss, or the reason why the deployment is impossible. */
  readonly reason: string;
  /** Another way to the same result. */
  readonly way: string;
}

/** The stake of a change: data, the requests of clients, or the deployment itself, which stops half-way. */
type Stake = 'images' | 'logs' | 'data' | 'requests' | 'suffix' | 'name' | 'deployment';

const SUBJECTS: Readonly<Record<Stake, string>> = {
  images: 'it holds images',
  logs: 'it holds logs',
  data: 'it may hold data',
  requests: 'requests of clients go through it',
  suffix: 'requests of clients go through it',
  name: 'its name is taken by what stays behind',
  deployment: 'it cannot be done',
};

const OUTCOMES: Readonly<Record<Fate, string>> = {
  deleted: 'and it is deleted',
  kept: 'and the old one stays, while the new one is empty',
  refused: 'and the deployment stops at it',
};

const BESIDE =
  'make a new environment beside this one, move the clients to it, then destroy this one and take it out of the answers';

const WAYS: Readonly<Record<Stake, string>> = {
  images:
    'keep it as it is; or copy the images that run, by digest, to another repository first, and to the new one before the service is deployed',
  logs: 'keep it as it is; or export what is still needed to S3 first',
  data: 'keep it as it is; or copy what is still needed first',
  requests: BESIDE,
  suffix: `set network.nameSuffix to a text that it did not have, which interrupts requests for a short time; or ${BESIDE}`,
  name: 'keep its stack or its state where it is; or destroy what is there first',
  deployment: BESIDE,
};

const STAKES: Readonly<Record<string, Stake>> = { repository: 'images', logGroup: 'logs' };

/**
 * Changes that need somebody's consent: a resource that holds data or serves clients is replaced or destroyed; and
 * those that cannot be deployed at all. Empty if the deployment can go ahead.
 */
export function refusals(impact: Impact): Refusal[] {
  return impact.flatMap((change): Refusal[] => {
    const stake = stakeOf(change);
    return change.fate === undefined || stake === undefined
      ? []
      : [{ change, reason: `${SUBJECTS[stake]}, ${OUTCOMES[change.fate]}`, way: WAYS[stake] }];
  });
}

function stakeOf({ type, action, holdsData, serves, fate, note }: ResourceChange): Stake | undefined {
  if (action === 'create') {
    return 'name';
  }
  if (holdsData) {
    return Object.hasOwn(STAKES, type) ? STAKES[type] : 'data';
  }
  if (type === 'targetGroup' && Object.values(NAME_TAKEN).some((text) => text === note)) {
    return 'suffix';
  }
  return serves ? 'requests' : fate === 'refused' ? 'deployment' : undefined;
}
