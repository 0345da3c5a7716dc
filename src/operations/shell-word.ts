/** A value as one word of a POSIX shell's command line: as it is if it has no meaning to a shell, else quoted. */
export function shellWord(value: string | number): string {
  const text = String(value);
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}

/** The values of an object, each as one word of a command line. */
export function shellWords<T extends Readonly<Record<string, string | number>>>(values: T): { [K in keyof T]: string } {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, shellWord(value)])) as {
    [K in keyof T]: string;
  };
}

/** A path as one word of the shell that is usual on this machine. */
export function shellPath(path: string): string {
  if (process.platform !== 'win32') {
    return shellWord(path);
  }
  return /^[\w.\\/:-]+$/.test(path) ? path : `"${path}"`;
}
