/**
 * Paths as a tree, two spaces a level.
 *
 * @param paths with `/` between folders, sorted
 */
export function formatTree(root: string, paths: readonly string[]): string {
  const lines = [root];
  let open: readonly string[] = [];
  for (const path of paths) {
    const folders = path.split('/');
    const file = folders.pop()!;
    const differs = folders.findIndex((folder, level) => folder !== open[level]);
    const from = differs < 0 ? folders.length : differs;
    folders.slice(from).forEach((folder, index) => {
      lines.push(`${'  '.repeat(from + index + 1)}${folder}/`);
    });
    lines.push(`${'  '.repeat(folders.length + 1)}${file}`);
    open = folders;
  }
  return lines.join('\n');
}
