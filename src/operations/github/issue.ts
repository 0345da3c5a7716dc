import type { Checkout } from './checkout';
import { asFile, askGh, gh, REPOSITORY } from './gh';

/** The one issue of a label. */
export interface Issue {
  readonly label: string;
  /** Description of the label. */
  readonly about: string;
  readonly title: string;
  /** Empty if there is nothing to say any more. */
  readonly body: string;
  /** Comment with which it is closed. */
  readonly farewell: string;
}

/** Keeps one issue of a label: opens it, updates it, or closes it if there is nothing to say. */
export async function keepIssue(checkout: Checkout, { label, about, title, body, farewell }: Issue): Promise<void> {
  await gh(checkout, 'label', 'create', label, '--force', '--color', '0e8a16', '--description', about);
  const query = ['--state', 'open', '--label', label, '--json', 'number', '--jq', '.[0].number // empty'];
  const number = await askGh(checkout, 'issue', 'list', ...query);
  if (body === '') {
    if (number) await gh(checkout, 'issue', 'close', number, '--comment', farewell);
    return;
  }
  await asFile(body, (file) =>
    number
      ? gh(
          checkout,
          'api',
          '--silent',
          '--method',
          'PATCH',
          `${REPOSITORY}/issues/${number}`,
          '--field',
          `body=@${file}`,
        )
      : gh(checkout, 'issue', 'create', '--label', label, '--title', title, '--body-file', file),
  );
}
