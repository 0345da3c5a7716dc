import type { Deployment } from '../src/model/deployment';
import type { GeneratedFile } from './file';
import type { Templates } from './templates';

/** README.md and docs/. */
export function documentation(deployment: Deployment, templates: Templates): GeneratedFile[] {
  void deployment;
  void templates;
  return [];
}
