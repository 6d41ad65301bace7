import { isOrgUserManagerError } from '../errors/index.ts';

/** Tasks that wait for the store. */
export interface WaitingTasks {
  /** False when too many wait. */
  add(partition: string, task: () => Promise<void>): boolean;
  isWaiting(partition: string): boolean;
  /** Runs them in their order; false when the store has failed again, and the rest goes on waiting. */
  runAll(): Promise<boolean>;
}

// A long outage must not fill the memory.
const mostTasks = 10_000;

/** Begins with nothing to do; `onError` hears of what fails for good. */
export function createWaitingTasks(onError: (error: unknown) => void): WaitingTasks {
  const waiting: { readonly partition: string; run(): Promise<void> }[] = [];
  return {
    add(partition, run) {
      if (waiting.length >= mostTasks) return false;
      waiting.push({ partition, run });
      return true;
    },
    isWaiting: (partition) => waiting.some((task) => task.partition === partition),
    async runAll() {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        try {
          await next.run();
        } catch (error) {
          onError(error);
          if (!isOrgUserManagerError(error, 'usage_unavailable')) continue;
          waiting.unshift(next);
          return false;
        }
      }
      return true;
    },
  };
}
