import { versionRange } from '../src/conventions/labels';
import type { Deployment } from '../src/model/deployment';
import { UPSTREAM_SOURCE } from '../src/model/image';
import type { GeneratedFile } from './file';
import { targetGenerator } from './targets';
import type { Templates } from './templates';

/** Packages that this one sets in every repository, and the engine. */
const OWN_PACKAGES = ['constructs', 'node', 'projen'];

/**
 * Configuration of Renovate, which updates the repository's pins: actions, upstream's image, the generator, and
 * packages of its owner.
 */
export function renovate(deployment: Deployment, templates: Templates): GeneratedFile[] {
  const { conventions, image, repository, target } = deployment;
  const context = {
    app: repository.app ?? null,
    packages: [...OWN_PACKAGES, ...targetGenerator(target).devDependencies],
    // Images that have a tag alone follow no order.
    upstream: conventions.versions && {
      repository: new URL(UPSTREAM_SOURCE).pathname.slice(1).replace(/\.git$/, ''),
      versions: versionRange(conventions.versions),
      mode: image.mode,
      isBuilt: image.mode === 'build',
    },
  };
  const content = templates.render('repository/renovate.json5', context);
  return [{ path: 'renovate.json5', content, ownership: 'merged' }];
}
