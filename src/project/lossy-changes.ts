import type { Deployment } from '../model/deployment';
import { ACTIONS, compareResources } from '../resources/impact';
import { refusals } from '../resources/refusals';
import { resourcesOf } from '../resources/resources';
import { parseResources } from '../resources/stored';
import { typeTitle } from '../resources/types';

/**
 * Warnings of changed answers that a deployment stops at, or that take data or clients' requests with them, a line each.
 *
 * @param recorded the text of the resources that the repository described so far, if it has one
 */
export function warnOfLoss(deployment: Deployment, recorded: string | undefined): string[] {
  const before = recorded === undefined ? undefined : parseResources(recorded);
  if (!before) return [];
  return refusals(compareResources(before, resourcesOf(deployment), deployment.target)).map(
    ({ change: { environment, type, key, action }, reason, way }) =>
      `${environment}: if you deploy this, the ${typeTitle(type)} ${key} ${ACTIONS[action]}: ${reason}. What to do: ${way}`,
  );
}
