import type { Section } from '../question';
import { IMAGES } from './images';
import { NETWORK } from './network';
import { PLACE } from './place';
import { REPOSITORY } from './repository';
import { ROUTING } from './routing';
import { SERVER } from './server';

/**
 * Every question, in the order in which they are asked. The listener comes before the routing, so that a host or a
 * priority that another environment uses on it is refused as it is typed.
 */
export const SECTIONS: readonly Section[] = [
  {
    title: 'Your Quilt stack',
    questions: [{ path: 'name', kind: 'text', message: 'Name' }],
  },
  { title: 'This repository', questions: REPOSITORY },
  { title: 'Environments', questions: [...PLACE, ...ROUTING, ...IMAGES, ...SERVER, ...NETWORK] },
];
