/**
 * Storage in this process's memory: for tests and first tries.
 *
 * @module
 */
import { checkOptions, type OptionRules } from '../../../src/access/check-options.ts';
import { callback } from '../../../src/access/option-rules.ts';
import type { Storage, StorageReader, StorageTransaction } from '../../../src/index.ts';
import { memoryRateLimitStore } from '../../rate-limit/memory/index.ts';
import { countLimits } from './count-limits.ts';
import { memoryOutbox } from './outbox.ts';
import { listInvitations, listMembers, load } from './reads.ts';
import { memoryReservations } from './reservations.ts';
import { createJournal, emptyState } from './state.ts';
import { memoryTransaction } from './transaction.ts';

/** What `memoryStorage()` takes. */
export interface MemoryStorageOptions {
  /**
   * The milliseconds that have passed since any instant, for dropping old counters. Default: a clock that
   * nobody can set.
   */
  readonly now?: (() => number) | undefined;
}

const rules: OptionRules<MemoryStorageOptions> = { now: callback };

/**
 * Keeps everything in memory; it is gone when the process ends, and every process has its own.
 * Throws `invalid_options`.
 *
 * @example
 * import { memoryStorage } from 'org-user-manager/memory';
 *
 * const storage = memoryStorage();
 */
export function memoryStorage(options: MemoryStorageOptions = {}): Storage {
  const { now } = checkOptions(options, rules, { now: () => performance.now() });
  const state = emptyState();
  const lock = createLock();
  const outbox = memoryOutbox(state);

  const reader: StorageReader = {
    load: (query) => load(state, query),
    findInvitation: async (id) => state.invitations.get(id),
    listMembers: async (query) => listMembers(state, query),
    listInvitations: async (query) => listInvitations(state, query),
    countLimits: async (orgId) => countLimits(state, orgId),
  };

  async function attempt<T>(work: (tx: StorageTransaction) => Promise<T>): Promise<T> {
    const journal = createJournal();
    try {
      return await work(memoryTransaction(state, journal, reader));
    } catch (error) {
      journal.undo();
      throw error;
    }
  }

  return {
    // Everything waits for the transaction under way, so that nobody sees what may yet be undone.
    load: (query) =>
      lock.isHeld() ? lock.hold(async () => load(state, query)) : load(state, query),
    findInvitation: (id) => lock.pass(() => reader.findInvitation(id)),
    listMembers: (query) => lock.pass(() => reader.listMembers(query)),
    listInvitations: (query) => lock.pass(() => reader.listInvitations(query)),
    countLimits: (orgId) => lock.pass(() => reader.countLimits(orgId)),
    transaction: (_orgId, work) => lock.hold(() => attempt(work)),
    outbox: {
      claim: (lease) => lock.pass(() => outbox.claim(lease)),
      settle: (mail, claimId, outcome) => lock.pass(() => outbox.settle(mail, claimId, outcome)),
      nextDueAt: () => lock.pass(() => outbox.nextDueAt()),
    },
    rateLimits: memoryRateLimitStore({ now }),
    reservations: memoryReservations(state),
    migrate: async () => undefined,
    close: async () => undefined,
  };
}

interface Lock {
  /** Runs tasks that pause one after another, whatever becomes of each. */
  hold<T>(task: () => Promise<T>): Promise<T>;
  /** Runs a task that does all its work before its first pause, once nobody holds the lock. */
  pass<T>(task: () => Promise<T>): Promise<T>;
  isHeld(): boolean;
}

function createLock(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  let holders = 0;
  const leave = () => {
    holders -= 1;
  };
  function hold<T>(task: () => Promise<T>): Promise<T> {
    const run = holders === 0 ? task() : last.then(task);
    holders += 1;
    last = run.then(leave, leave);
    return run;
  }
  const isHeld = () => holders > 0;
  return { hold, isHeld, pass: (task) => (isHeld() ? hold(task) : task()) };
}
