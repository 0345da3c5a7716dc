import { g0 } from './g0';
import { g1a } from './g1a';
import { g1b } from './g1b';
import { g2a } from './g2a';
import { g2b } from './g2b';
import { g2c } from './g2c';
import { g2d } from './g2d';
import { g3a } from './g3a';
import { g3b } from './g3b';
import { g3c } from './g3c';
import { g4 } from './g4';
import { gap } from './gap';
import type { Conventions, Deployable, Step } from './schema';
import { g0ToG1a } from './steps/g0-to-g1a';
import { g1aToG1b } from './steps/g1a-to-g1b';
import { g1bToGap } from './steps/g1b-to-gap';
import { g2aToG2b } from './steps/g2a-to-g2b';
import { g2bToG2c } from './steps/g2b-to-g2c';
import { g2cToG2d } from './steps/g2c-to-g2d';
import { g2dToG3a } from './steps/g2d-to-g3a';
import { g3aToG3b } from './steps/g3a-to-g3b';
import { g3bToG3c } from './steps/g3b-to-g3c';
import { gapToG2a } from './steps/gap-to-g2a';
import { outToG4 } from './steps/out-to-g4';

/** Every generation, oldest first, each with the step that leads to it from the one that it follows; the first has none. */
export const GENERATIONS: readonly (readonly [Conventions, Step?])[] = [
  [g0],
  [g1a, g0ToG1a],
  [g1b, g1aToG1b],
  [gap, g1bToGap],
  [g2a, gapToG2a],
  [g2b, g2aToG2b],
  [g2c, g2bToG2c],
  [g2d, g2cToG2d],
  [g3a, g2dToG3a],
  [g3b, g3aToG3b],
  [g3c, g3bToG3c],
];

/** Alternatives to a deployment of ours, each with the step out to it from the newest generation that is emitted. */
export const ALTERNATIVES: readonly (readonly [Conventions, (newest: Deployable) => Step])[] = [[g4, outToG4]];
