import type { Deployment } from '../src/model/deployment';
import type { GeneratedFile } from './file';
import type { Templates } from './templates';

/** What lies in `.github/`, below the folders of the same names. */
const FOLDERS = ['workflows', 'scripts'];

/** The workflows of GitHub Actions, and the scripts that they run. */
export function workflows({ target, repository }: Deployment, templates: Templates): GeneratedFile[] {
  return FOLDERS.flatMap((folder) => templates.below(folder)).map((name) => ({
    path: `.github/${name}`,
    content: templates.render(name, { target, app: repository.app ?? null }),
    ownership: 'managed',
    instead: 'add a workflow of your own beside it',
  }));
}
