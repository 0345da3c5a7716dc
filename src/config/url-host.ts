/** The host of a URL, without its port; undefined for anything else. */
export function urlHost(url: unknown): string | undefined {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).hostname || undefined : undefined;
}
