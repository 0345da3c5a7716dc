import { describeValue, type Problem } from '../../config/problem';
import { CATALOGUE, type Deployable, findConventions, isDeployable } from '../../conventions';
import { whyNot } from '../../conventions/labels';

export function chosenConventions(
  id: unknown,
): { conventions: Deployable; problems?: undefined } | { conventions?: undefined; problems: Problem[] } {
  const refuse = (message: string) => ({ problems: [{ path: 'conventions', found: describeValue(id), message }] });
  const conventions = findConventions(String(id));
  if (!conventions) {
    const known = CATALOGUE.filter(isDeployable).map((entry) => entry.id);
    return refuse(`must be one of ${known.join(', ')}`);
  }
  return isDeployable(conventions) ? { conventions } : refuse(`cannot be deployed: ${whyNot(conventions)}`);
}
