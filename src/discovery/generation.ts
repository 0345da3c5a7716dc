import { CATALOGUE, type Conventions, conventionsOf, findConventions, isAlternative } from '../conventions';
import type { Running, Service } from './snapshot';

/** The generation of a running server; several if they cannot be told apart. */
export interface Recognised {
  /** None if it fits no generation. */
  readonly generations: readonly Conventions[];
  /** Evidence, as the end of a sentence: `by its image's tag 0.21.0`. */
  readonly by: string;
}

/**
 * The generation of a server that runs: by the tag that this generator's services have, by its image's tag, or else by
 * its variables. Those tell several generations apart by what they read alone, so there may be several.
 */
export function generationOf(running: Running, service: Service | undefined): Recognised {
  const tagged = service?.convention === undefined ? undefined : findConventions(service.convention);
  if (tagged) return { generations: [tagged], by: `by the service's tag Convention: ${tagged.id}` };
  const version = /:v?(\d+\.\d+\.\d+)$/.exec(running.image.split('@')[0]!)?.[1];
  const versioned = version === undefined ? undefined : conventionsOf(version);
  if (versioned) return { generations: [versioned], by: `by its image's tag ${version}` };
  return byVariables(running);
}

function byVariables({ variables, secrets }: Running): Recognised {
  const names = [...variables, ...secrets];
  const scored = CATALOGUE.filter(({ id }) => !isAlternative(id)).map((generation) => ({
    generation,
    score: misfits(generation, names),
  }));
  const least = Math.min(...scored.map(({ score }) => score));
  // Half of its variables unknown to every generation: it is something else.
  if (least > names.length / 2) return { generations: [], by: 'its variables fit no generation' };
  const generations = scored.filter(({ score }) => score === least).map(({ generation }) => generation);
  return { generations, by: least === 0 ? 'by its variables, which all fit' : 'by its variables, which fit it best' };
}

/** Variables that a generation does not read, and those that it needs and that are missing. One that people give it in vain counts half. */
function misfits({ environment, auth }: Conventions, names: readonly string[]): number {
  const { fixed, derived, optional, dangerous, dead } = environment;
  const secrets = Object.values(auth.modes).flatMap(({ secret }) => secret?.variable ?? []);
  const read = new Set([...[fixed, derived, optional, dangerous].flatMap(Object.keys), ...secrets]);
  const needed = [...Object.entries(fixed), ...Object.entries(derived)].filter(([, { without }]) => without);
  const unread = names.filter((name) => !read.has(name) && !OF_EVERY_TASK.test(name));
  return (
    unread.reduce((sum, name) => sum + (Object.hasOwn(dead, name) ? 0.5 : 1), 0) +
    needed.filter(([name]) => !names.includes(name)).length
  );
}

/** Variables that say nothing of the server: of Python, and of AWS's libraries. */
const OF_EVERY_TASK = /^(AWS_|PYTHON|PATH$|HOME$|TZ$|LANG$)/;
