import type { Deployment } from '../src/model/deployment';
import type { GeneratedFile } from './file';
import type { Templates } from './templates';

/** The workflows of GitHub Actions. */
export function workflows({ target }: Deployment, templates: Templates): GeneratedFile[] {
  return templates.below('workflows').map((name) => ({
    path: `.github/${name}`,
    content: templates.render(name, { target }),
    ownership: 'managed',
    instead: 'add a workflow of your own beside it',
  }));
}
