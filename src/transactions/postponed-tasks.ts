/** Tasks that failed and are to be tried again. */
export interface PostponedTasks {
  /** Keeps a task that never rejects; if it fails again it has to be kept again. */
  add(task: () => Promise<void>): void;
  /** Runs those that wait. To be called now and then. */
  runAll(): Promise<void>;
}

// A long outage must not fill the memory.
const mostTasks = 1000;

/** Begins with nothing to do. What waits is gone with the process. */
export function createPostponedTasks(): PostponedTasks {
  const waiting: (() => Promise<void>)[] = [];
  return {
    add(task) {
      if (waiting.length < mostTasks) waiting.push(task);
    },
    async runAll() {
      for (const task of waiting.splice(0)) await task();
    },
  };
}
