import { FARGATE_CPU, FARGATE_SIZES } from '../src/config/environment/capacity';

/** Fargate's sizes, as the texts of modules and of the app have them: a list, or else the first, the last and the step. */
export const fargateSizes = FARGATE_SIZES.map((sizes) => ({
  ...sizes,
  cpu: String(sizes.cpu),
  only: 'only' in sizes ? sizes.only.join(', ') : '',
}));

export const fargateCpu = FARGATE_CPU.map(String);
