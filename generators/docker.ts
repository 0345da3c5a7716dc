import type { Deployment, ServerImage } from '../src/model/deployment';
import { UPSTREAM_SOURCE } from '../src/model/image';
import { IMAGE_FILE, type ImageData, mirrorTag } from '../src/operations/delivery/image-tag';
import { dataFile, type GeneratedFile, type Ownership } from './file';
import type { Templates } from './templates';

const FOLDER = 'docker';

/** Files that make an image of each mode, with their ownership; `made` ones go into the image. */
const FILES: Readonly<
  Record<ServerImage['mode'], readonly { readonly name: string; readonly ownership: Ownership; readonly made?: true }[]>
> = {
  mirror: [],
  shim: [
    { name: '.dockerignore', ownership: 'merged' },
    { name: 'Dockerfile', ownership: 'merged', made: true },
    { name: 'shim.py', ownership: 'merged', made: true },
  ],
  build: [],
};

/** The folder docker/: data about the image, and the files that make it. Their text has no answer. */
export function dockerFiles({ image, contract }: Deployment, templates: Templates): GeneratedFile[] {
  const files = FILES[image.mode];
  const context = { ...contract, ...image.shim, probe: contract.container.probe.command[1] };
  const data: ImageData = {
    mode: image.mode,
    version: image.version,
    source: pinnedSource(image),
    files: files.filter(({ made }) => made).map(({ name }) => name),
  };
  return [
    dataFile(IMAGE_FILE, data),
    ...files.map(({ name, ownership }) => ({
      path: `${FOLDER}/${name}`,
      content: templates.render(`${FOLDER}/${name}`, context),
      ownership,
    })),
  ];
}

/** The source of an image, pinned by digest or commit. Null if that is not known yet. */
export function pinnedSource({ mode, upstream, commit }: ServerImage): string | null {
  if (mode === 'build') {
    return commit ? `${UPSTREAM_SOURCE}#${commit}` : null;
  }
  return upstream.digest && `${upstream.registry}/${upstream.repository}@${upstream.digest}`;
}

/** The tag that the task `publish-image` gives to a copy of upstream's image; null if it makes none yet. */
export function tagOfMirror(image: ServerImage): string | null {
  const source = pinnedSource(image);
  return source && mirrorTag(image.version, source);
}
