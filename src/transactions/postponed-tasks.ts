/** Tasks that failed and are to be tried again. */
export interface PostponedTasks {
  /** Keeps a task of an organization until it resolves with true. It never rejects. */
  add(orgId: string, run: () => Promise<boolean>): void;
  /**
   * Runs those that wait; to be called now and then. When one fails, the others of its organization wait
   * for the next time: each would keep everybody else waiting for as long. Once it is stopped, one that
   * fails is the last.
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
  return {
    add(orgId, run) {
      if (waiting.size < mostTasks) waiting.add({ orgId, run });
    },
    async runAll(isStopped) {
      const failed = new Set<string>();
      for (const task of [...waiting]) {
        if (failed.has(task.orgId)) continue;
        const isClosing = isStopped();
        if (await task.run()) {
          waiting.delete(task);
          continue;
        }
        if (isClosing) return;
        failed.add(task.orgId);
      }
    },
  };
}
