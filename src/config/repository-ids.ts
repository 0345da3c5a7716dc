/**
 * The command that prints a GitHub repository's ids, by the names that the answers have for them.
 *
 * @param name owner and name of a repository; an answer of that form means nothing to a shell
 */
export function repositoryIdsCommand(name: string): string {
  return `gh api repos/${name} --jq '{ownerId:.owner.id,repositoryId:.id}'`;
}
