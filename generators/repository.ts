import type { Deployment } from '../src/model/deployment';
import { digestFile } from './digest';
import type { GeneratedFile } from './file';
import type { Templates } from './templates';
import { OLDEST_TERRAFORM, VERSIONS } from './terraform/versions';

/** Files of every repository, with any target: its tools, its tests, and the digests. */
export function repositoryFiles(deployment: Deployment, templates: Templates): GeneratedFile[] {
  const test = (name: string): GeneratedFile => ({
    path: `test/${name}.test.mjs`,
    content: templates.render(`repository/test/${name}.test.mjs`, {
      oldestTerraform: OLDEST_TERRAFORM,
      awsProvider: VERSIONS.awsProvider,
    }),
    ownership: 'merged',
  });
  return [
    { path: '.projenrc.js', content: templates.render('repository/projenrc.js', {}), ownership: 'owned' },
    ...deployment.environments.map(
      ({ name }): GeneratedFile => ({ path: digestFile(name), content: '{ "digest": null }\n', ownership: 'owned' }),
    ),
    test('images'),
    test(deployment.target),
  ];
}
