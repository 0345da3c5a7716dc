import { versionRange } from '../../src/conventions/words';
import type { Deployment } from '../../src/model/deployment';
import { REGCTL } from '../delivery-files';

/** What docs/delivery.md is rendered from, beside what the guides are. */
export function deliveryContext({ conventions }: Deployment): object {
  return { regctl: REGCTL, versionRange: versionRange(conventions.versions) };
}
