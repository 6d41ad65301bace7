import type { Context } from '../context.ts';
import type { AuditKey } from '../ports/storage.ts';
import { ownContext } from '../system/own-context.ts';

const shortestWaitMs = 10;
// A transaction that is open for longer has most likely been undone long ago.
const lookForMs = 5 * 60_000;

/** Notices when transactions of the host are committed, which no database tells us. */
export interface HostCommits {
  /** Runs the task once this audit entry is committed. */
  watch(entry: AuditKey, task: () => void): void;
  /** Looks no more. */
  stop(): void;
}

interface Watched {
  readonly entry: AuditKey;
  readonly task: () => void;
  readonly since: number;
}

/**
 * Looks for the audit entries of calls inside transactions of the host: one that can be seen from
 * outside is committed. The first look is at once, since on a single connection its answer waits for
 * the host's transaction; the waits then grow with the age of the youngest entry. What is not there
 * after five minutes is forgotten: its mail, if any, is found in the outbox all the same. It looks for
 * everyone at once, and therefore in the asynchronous context in which it was made.
 */
export function createHostCommits({
  clock,
  within,
  settings: { storage },
}: Pick<Context, 'clock' | 'within' | 'settings'>): HostCommits {
  const inOwnContext = ownContext();
  const watched = new Map<string, Watched>();
  let looking = false;
  let again = false;
  let stopped = false;
  let cancel: () => void = () => undefined;
  async function findCommitted(): Promise<readonly string[]> {
    const entries = [...watched.values()].map(({ entry }) => entry);
    try {
      return (
        (await within(() => storage.hostTransactions?.findCommitted(entries), undefined)) ?? []
      );
    } catch {
      // A look that fails has found nothing; the next one tells.
      return [];
    }
  }

  async function look(): Promise<void> {
    looking = true;
    cancel();
    do {
      again = false;
      const found = new Set(await findCommitted());
      // In the order of the calls, whatever order the database answers in.
      for (const [id, { task }] of watched) {
        if (!found.has(id)) continue;
        task();
        watched.delete(id);
      }
    } while (again && !stopped);
    looking = false;
    plan();
  }

  function plan(): void {
    const now = clock.now();
    for (const [id, { since }] of watched) {
      if (now - since > lookForMs) watched.delete(id);
    }
    if (watched.size === 0 || stopped) return;
    const youngest = Math.max(...[...watched.values()].map(({ since }) => since));
    cancel = clock.schedule(look, Math.max(shortestWaitMs, (now - youngest) / 2));
  }

  return {
    watch(entry, task) {
      watched.set(entry.id, { entry, task, since: clock.now() });
      if (looking) again = true;
      else void inOwnContext(look);
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
