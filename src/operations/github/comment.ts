import type { Checkout } from './checkout';
import { asFile, askGh, gh, REPOSITORY } from './gh';

/** Author of comments that are made with a workflow's token. */
const AUTHOR = 'github-actions[bot]';
const ISSUES = `${REPOSITORY}/issues`;

/**
 * Keeps one comment on a pull request: makes it, or updates it. It is known by its author as well, for anyone may write one
 * that begins as it does.
 *
 * @param marker what the text begins with
 */
export async function keepComment(checkout: Checkout, pull: string, marker: string, text: string): Promise<void> {
  const own = `.[] | select(.user.login == "${AUTHOR}" and (.body | startswith("${marker}"))) | .id`;
  const found = await askGh(checkout, 'api', '--paginate', `${ISSUES}/${pull}/comments`, '--jq', own);
  const [id] = found.split('\n');
  const [method, path] = id ? ['PATCH', `${ISSUES}/comments/${id}`] : ['POST', `${ISSUES}/${pull}/comments`];
  await asFile(`${marker}\n${text}`, (file) =>
    gh(checkout, 'api', '--silent', '--method', method, path, '--field', `body=@${file}`),
  );
}
