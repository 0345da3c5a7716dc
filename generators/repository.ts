import type { Deployment } from '../src/model/deployment';
import type { GeneratedFile } from './file';
import type { Templates } from './templates';

/** What every repository has, whatever it deploys with: how it is run and read, and the digests that are deployed. */
export function repositoryFiles(deployment: Deployment, templates: Templates): GeneratedFile[] {
  return [
    { path: '.projenrc.js', content: templates.render('repository/projenrc.js', {}), ownership: 'owned' },
    ...deployment.environments.map(
      ({ name }): GeneratedFile => ({ path: `deploy/images/${name}.json`, content: '{ "digest": null }\n', ownership: 'owned' }),
    ),
  ];
}
