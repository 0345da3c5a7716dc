import type { Deployment } from '../../src/model/deployment';
import { targetGenerator } from '../targets';

/** What every document is rendered from, beside its own: the target, whose parts it includes, and what it says of itself. */
export function targetContext({ target }: Deployment): object {
  const { path: _path, facts, ...words } = targetGenerator(target).guide;
  return { target, ...words, ...facts };
}
