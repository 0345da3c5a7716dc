import type { Deployment } from '../../src/model/deployment';
import type { GeneratedFile } from '../file';
import type { Templates } from '../templates';
import { decisionsContext } from './decisions';
import { deliveryContext } from './delivery';
import { environmentVariablesContext } from './environment-variables';
import { guideContext } from './guide';
import { shimContext } from './image';
import { infrastructureContext } from './infrastructure';

/**
 * README.md and docs/. The guides say how to work with the target, and their owner may add to them; the references
 * describe the deployment. The differences between targets are in the target's own parts, which the templates include.
 */
export function documentation(deployment: Deployment, templates: Templates): GeneratedFile[] {
  const guide = guideContext(deployment);
  const render = (path: string, template: string, context: object): GeneratedFile => ({
    path,
    content: templates.render(`docs/${template}`, context),
    ownership: 'merged',
  });
  return [
    render('README.md', 'README.md', guide),
    render('docs/deployment.md', 'deployment.md', guide),
    render('docs/delivery.md', 'delivery.md', { ...guide, ...deliveryContext(deployment) }),
    render('docs/image.md', 'image.md', { ...guide, ...shimContext(deployment) }),
    render('docs/decisions.md', 'decisions.md', decisionsContext(deployment)),
    render('docs/infrastructure.md', 'infrastructure.md', infrastructureContext(deployment)),
    render('docs/environment-variables.md', 'environment-variables.md', environmentVariablesContext(deployment)),
  ];
}
