import type { Clock } from '../ports/clock.ts';

/** The machine's clock; its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(task, delayMs) {
    const timer = setTimeout(task, delayMs);
    // Some runtimes and fake timers have numbers instead of objects.
    timer.unref?.();
    return () => clearTimeout(timer);
  },
};
