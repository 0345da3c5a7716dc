import type { Deployment } from '../../src/model/deployment';
import { targetGenerator } from '../targets';

/** Context of every document, beside its own: the target, whose parts it includes, and the target's words. */
export function targetContext({ target }: Deployment): object {
  const { path: _path, facts, ...words } = targetGenerator(target).guide;
  return { target, ...words, ...facts };
}
