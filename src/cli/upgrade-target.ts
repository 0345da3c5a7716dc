import { CATALOGUE, type Deployable, findConventions, findDeployable, LATEST, stepsBetween } from '../conventions';
import { enumerate, whyNot } from '../conventions/labels';
import { UsageError } from './usage-error';

/**
 * The generation that an upgrade leads to, along the steps; it can be deployed. The newest, unless another is
 * requested.
 *
 * @throws UsageError if no step leads there, or it is unknown
 */
export function findTarget(from: Deployable, asked: string | undefined): Deployable {
  if (asked === undefined) {
    return follows(LATEST, from) ? LATEST : from;
  }
  const known = findConventions(asked);
  if (!known) {
    throw new UsageError(`conventions ${asked} are not known; there are ${enumerate(CATALOGUE.map(({ id }) => id))}`);
  }
  const to = findDeployable(asked);
  if (!to) {
    throw new UsageError(`conventions ${asked} cannot be deployed: ${whyNot(known)}`);
  }
  if (to.id !== from.id && !follows(to, from)) {
    throw new UsageError(
      follows(from, to)
        ? `conventions ${asked} are older than ${from.id}, which this repository has; an upgrade is taken back with git revert, and a deployment of the version before`
        : `no step leads from ${from.id}, which this repository has, to conventions ${asked}`,
    );
  }
  return to;
}

function follows(later: Deployable, earlier: Deployable): boolean {
  return stepsBetween(earlier.id, later.id).length > 0;
}
