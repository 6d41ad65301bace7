import type { Clock } from '../ports/clock.ts';

/** Runs a task after the delay, unless the function it returns is called before. */
export type StartTimer = (task: () => void) => () => void;

interface Batch {
  readonly startedAt: number;
  readonly tasks: Set<() => void>;
  readonly cancel: () => void;
}

/**
 * Timers of one delay. Those that start at one instant, in one turn of the event loop, are one timer:
 * almost every call is over before the turn is, and a timer of its own would cost more than the call.
 */
export function createSharedTimers(clock: Clock, delayMs: number): StartTimer {
  let current: Batch | undefined;

  function open(startedAt: number): Batch {
    const tasks = new Set<() => void>();
    const run = () => {
      for (const task of tasks) task();
    };
    // A clock that jumps must not end a call whose answer is on its way to us.
    const cancel = clock.schedule(() => setImmediate(run), delayMs);
    const batch = { startedAt, tasks, cancel };
    setImmediate(() => {
      if (current === batch) current = undefined;
      if (tasks.size === 0) cancel();
    });
    return batch;
  }

  return (task) => {
    const now = clock.now();
    if (current?.startedAt !== now) current = open(now);
    const batch = current;
    batch.tasks.add(task);
    return () => {
      batch.tasks.delete(task);
      if (batch.tasks.size === 0 && batch !== current) batch.cancel();
    };
  };
}
