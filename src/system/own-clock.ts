import type { Clock } from '../ports/clock.ts';
import { ownContext } from './own-context.ts';

/** The clock, whose timers belong to the context that is current now. */
export function ownClock(clock: Clock): Clock {
  const inOwnContext = ownContext();
  return {
    now: () => clock.now(),
    schedule: (task, delayMs) => inOwnContext(() => clock.schedule(task, delayMs)),
  };
}
