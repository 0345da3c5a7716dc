import { loadTemplates } from './generators/templates';
import { exampleAnswers } from './src/config/example';
import { findDeployable, stepsBetween } from './src/conventions';
import { compareResources } from './src/model/impact';
import { readConfig, resolveDeployment } from './src/model/resolve';
import { resourcesOf } from './src/model/resources';
import { reportFiles } from './src/upgrade/report';

const g = (id: string, t: any) =>
  resourcesOf(resolveDeployment(readConfig(exampleAnswers(findDeployable(id)!, t), 'x')));
const [a, b] = process.argv.slice(2) as [string, string];
const other = process.argv[4]
  ? (r: any[]) =>
      r.map((x) => ({ ...JSON.parse(JSON.stringify(x).replaceAll('quilt-mcp-server', 'other')), unit: x.unit }))
  : (r: any[]) => r;
const files = reportFiles(
  {
    date: '2026-11-21',
    target: 'terraform',
    from: { conventions: a, image: 'x1', generator: '1.0.0' },
    to: { conventions: b, image: '0.22.0', generator: '1.1.0' },
    environments: ['dev', 'staging', 'production'],
    steps: stepsBetween(a, b),
    impact: compareResources(g(a, 'terraform'), other(g(b, 'terraform')), 'terraform'),
    files: [
      { path: 'README.md', change: 'updated' },
      { path: 'a.tf', change: 'created' },
    ],
  },
  loadTemplates('templates'),
);
console.log(files[0]!.path);
console.log(files[0]!.content);
console.log(files[1]!.content.length);
