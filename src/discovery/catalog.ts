import { isObject } from '../config/paths';
import { EXIT, ExitError } from '../exit';
import type { Catalog } from './snapshot';

/** A catalog that cannot be read. Its message is complete. */
export class CatalogError extends ExitError {
  readonly exitCode = EXIT.failed;
}

/** Fetches a URL. It rejects if there is no answer. */
export type Fetch = (url: string) => Promise<{ readonly status: number; readonly text: string }>;

/**
 * Reads `config.json` of a Quilt catalog.
 *
 * @param url of the catalog or of a page of it
 * @throws CatalogError with what is wrong and the remedy
 */
export async function readCatalog(url: string, fetch: Fetch): Promise<Catalog> {
  const { origin, hostname } = new URL(url);
  const place = `${origin}/config.json`;
  const remedy = 'Is it the URL of a Quilt catalog, as a browser shows it?';
  const answer = await fetch(place).catch((error: Error) => {
    throw new CatalogError(`${place} cannot be reached: ${reasonOf(error)}. ${remedy}`);
  });
  if (answer.status !== 200) throw new CatalogError(`${place} answers with ${answer.status}. ${remedy}`);
  const config = parse(answer.text);
  if (!config) throw new CatalogError(`${place} is not the JSON of a Quilt catalog. ${remedy}`);
  const { region, registryUrl, stackVersion } = config;
  const missing = Object.entries({ region, registryUrl }).flatMap(([name, value]) =>
    typeof value === 'string' ? [] : [name],
  );
  if (missing.length > 0) throw new CatalogError(`${place} has no ${missing.join(' and no ')}. ${remedy}`);
  return {
    source: place,
    url: origin,
    host: hostname,
    region: region as string,
    registryUrl: (registryUrl as string).replace(/\/+$/, ''),
    ...(typeof stackVersion === 'string' && { stackVersion }),
  };
}

/** A catalog whose `config.json` was not read: as its URL and its region, which the source has, tell. */
export function unreadCatalog(source: string, url: string, region: string): Catalog {
  return { source, url, host: new URL(url).hostname, region };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** fetch hides the reason of a failure in its cause. */
function reasonOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
