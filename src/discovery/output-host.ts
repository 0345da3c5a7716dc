/**
 * The host in an output of the Quilt stack, which may be a URL; undefined without one. Source: Quilt's CloudFormation template, build
 * 1.62.1, has the host alone.
 */
export function hostOfOutput(output: string | undefined): string | undefined {
  const host = output
    ?.trim()
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[/:?#].*$/, '')
    .toLowerCase();
  return host === '' ? undefined : host;
}
