/** A path as a word of the shell that is usual here. */
export function shellPath(path: string): string {
  if (process.platform === 'win32') {
    return /^[\w.\\/:-]+$/.test(path) ? path : `"${path}"`;
  }
  return /^[\w./-]+$/.test(path) ? path : `'${path.replace(/'/g, "'\\''")}'`;
}
