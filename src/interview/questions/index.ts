import type { Section } from '../question';
import { DECISIONS } from './decisions';
import { IMAGES } from './images';
import { NETWORK } from './network';
import { PLACE } from './place';
import { NAMES, REPOSITORY_QUESTIONS } from './repository';
import { ROUTING } from './routing';
import { SERVER } from './server';
import { WORKFLOWS } from './workflows';

/**
 * Every question, in the order in which they are asked: the repository, then each environment from its catalog on, then
 * what all of them share. The listener comes before the routing, so that a host or a priority that another environment uses
 * on it is refused as it is typed.
 */
export const SECTIONS: readonly Section[] = [
  { title: 'This repository', questions: REPOSITORY_QUESTIONS },
  { title: 'Environments', questions: [...PLACE, ...ROUTING, ...IMAGES, ...DECISIONS, ...SERVER, ...NETWORK] },
  { title: 'Names, images and workflows', questions: [...NAMES, ...WORKFLOWS] },
];
