import type { Clock } from '../ports/clock.ts';
import { ownContext } from './own-context.ts';

/** The clock, whose tasks and timers belong to the context that is current now. */
export function ownClock(clock: Clock): Clock {
  const inOwnContext = ownContext();
  return {
    now: () => clock.now(),
    schedule(task, delayMs) {
      // Some clocks run a task in the context of the code that advances them.
      const inside = () => inOwnContext(task);
      return inOwnContext(() => clock.schedule(inside, delayMs));
    },
  };
}
