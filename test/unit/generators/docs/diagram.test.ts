import { expect, it } from 'vitest';

import { architectureDiagram, mermaidText } from '../../../../generators/docs/diagram';
import { exampleAnswers } from '../../../../src/config/example';
import { readConfig, resolveDeployment } from '../../../../src/model/resolve';

it('the diagram has the host of the registry, whatever a generation calls its variable', () => {
  const deployment = resolveDeployment(readConfig(exampleAnswers(), 'x'));
  const renamed: typeof deployment = JSON.parse(
    JSON.stringify(deployment).replaceAll('QUILT_REGISTRY_URL', 'OTHER_URL'),
  );
  for (const one of [deployment, renamed]) {
    expect(architectureDiagram(one.environments[0]!, one)).toContain(mermaidText('quilt-dev-registry.example.com'));
  }
});
