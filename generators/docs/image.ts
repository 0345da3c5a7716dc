import { LONGEST_IDLE_TIMEOUT } from '../../src/config/environment/network';
import { openStreamOf } from '../../src/conventions';
import { enumerate } from '../../src/conventions/labels';
import type { Deployment, ServerImage } from '../../src/model/deployment';
import { readEcrHost, UPSTREAM_SOURCE } from '../../src/model/image';
import { shellWord, shellWords } from '../../src/operations/shell-word';
import { pinnedSource, tagOfMirror } from '../docker';

/** Source: Amazon ECR Public User Guide, "Pulling an image from the Amazon ECR Public Gallery". */
const PUBLIC_ECR = 'public.ecr.aws';

/**
 * Context of the image for documents; values in commands are already words of a shell.
 *
 * @param target host of the registry that it is pushed to
 */
export function imageContext(image: ServerImage, target: string): object {
  const { mode, version, upstream } = image;
  const name = `${upstream.registry}/${upstream.repository}`;
  return {
    mode,
    version,
    /** As upstream names it, by a tag. */
    tagged: shellWord(`${name}:${version}`),
    /** The same as this repository takes it: by digest, as soon as that is known. */
    reference: shellWord(upstream.digest ? `${name}@${upstream.digest}` : `${name}:${version}`),
    pinned: pinnedSource(image) !== null,
    /** Its tag in the repositories of the environments. */
    tag: mode === 'mirror' ? shellWord(tagOfMirror(image) ?? version) : '"$(npx create-quilt-mcp-deploy image tag)"',
    login: loginOf(upstream.registry),
    /** The registry that is pulled from, if the tasks and workflows do not log in to it, and it may demand a login. */
    loginIsYours: mode !== 'build' && asksForLogin(upstream.registry) ? upstream.registry : null,
    loginIsYoursWord: shellWord(upstream.registry),
    /** The same, for a reader who logs in to the target registry as well. */
    otherLogin: upstream.registry === target ? null : loginOf(upstream.registry),
  };
}

/** Context of docs/image.md, beside that of the guides. */
export function shimContext({ conventions, contract, environments, image }: Deployment): object {
  const { shim } = image;
  return {
    hasShim: conventions.image.shim !== undefined,
    mendable: conventions.image.shim !== undefined && image.mode === 'mirror',
    source: pinnedSource(image),
    digestKnown: image.upstream.digest !== null,
    upstreamSource: UPSTREAM_SOURCE,
    user: contract.container.user,
    upstreamUser: conventions.image.user,
    port: contract.container.port,
    hangs: openStreamOf(conventions, image.version) === 'hangs',
    longestIdleTimeout: LONGEST_IDLE_TIMEOUT,
    shim: shim
      ? {
          ...shim,
          ownCors: conventions.image.shim!.cors,
          methods: enumerate(shim.cors.methods),
          guarded: environments[0]!.service.listenerRules.length > 1,
          environments: environments.map(({ name, service }) => ({
            name,
            origins: service.taskDefinition.environment[shim.cors.variable]!.split(','),
          })),
        }
      : null,
  };
}

/** Whether a registry may ask for a login that nobody here has: ECR's public one never does. */
function asksForLogin(host: string): boolean {
  return host !== PUBLIC_ECR && readEcrHost(host) === undefined;
}

/** Login of a registry, if its host is one of ECR: ECR demands a login, whatever its policy allows. */
function loginOf(host: string): { host: string; region: string } | null {
  const ecr = readEcrHost(host);
  return ecr ? shellWords({ host, region: ecr.region }) : null;
}
