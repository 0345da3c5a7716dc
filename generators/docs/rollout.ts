import type { Rollout, TrafficShift } from '../../src/model/deployment';
import { count } from './layers';

/** The rollout of an environment's new revision, as cells of a table. */
export interface RolloutWords {
  /** As `deployment.strategy` names it. */
  readonly strategy: string;
  readonly traffic: string;
  readonly bakeTime: string;
  readonly alarms: readonly string[];
}

const SHIFTS: Readonly<
  Record<TrafficShift['strategy'], { strategy: string; traffic: (percent: number, wait: string) => string }>
> = {
  BLUE_GREEN: { strategy: 'blue-green', traffic: () => 'moves all at once' },
  CANARY: { strategy: 'canary', traffic: (percent, wait) => `moves by ${percent} %, the rest after ${wait}` },
  LINEAR: { strategy: 'linear', traffic: (percent, wait) => `moves by ${percent} % every ${wait}` },
};

export function rolloutWords({ shift, alarms }: Rollout): RolloutWords {
  if (!shift) {
    return { strategy: 'rolling', traffic: 'goes to each task that is healthy', bakeTime: 'left to ECS', alarms };
  }
  const { strategy, traffic } = SHIFTS[shift.strategy];
  const { percent = 100, bakeTimeInMinutes = 0 } = shift.step ?? {};
  return {
    strategy,
    traffic: traffic(percent, count(bakeTimeInMinutes, 'minute')),
    bakeTime: count(shift.bakeTimeInMinutes, 'minute'),
    alarms,
  };
}
