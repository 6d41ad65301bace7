/** Tasks that failed and are to be tried again. */
export interface PostponedTasks {
  /** Keeps a task of an organization until it resolves with true. It never rejects. */
  add(orgId: string, run: () => Promise<boolean>): void;
  /**
   * Runs those that wait; to be called now and then. When one fails, the others of its organization wait
   * for the next time, as each may take until the deadline. Once it is stopped, organizations no longer
   * wait for each other: the end comes within one deadline.
   */
  runAll(isStopped: () => boolean): Promise<void>;
}

interface PostponedTask {
  readonly orgId: string;
  run(): Promise<boolean>;
}

// A long outage must not fill the memory.
const mostTasks = 2000;

/** Begins with nothing to do. What waits is gone with the process. */
export function createPostponedTasks(): PostponedTasks {
  const waiting = new Set<PostponedTask>();

  async function runUntilOneFails(tasks: readonly PostponedTask[]): Promise<void> {
    for (const task of tasks) {
      if (!(await task.run())) return;
      waiting.delete(task);
    }
  }

  return {
    add(orgId, run) {
      if (waiting.size < mostTasks) waiting.add({ orgId, run });
    },
    async runAll(isStopped) {
      const left = [...Map.groupBy(waiting, ({ orgId }) => orgId).values()];
      while (left.length > 0 && !isStopped()) await runUntilOneFails(left.shift() ?? []);
      await Promise.all(left.map(runUntilOneFails));
    },
  };
}
