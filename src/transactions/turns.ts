import { OrgUserManagerError } from '../errors/index.ts';
import type { Caller } from '../ports/caller.ts';
import type { Clock } from '../ports/clock.ts';
import type { StorageScope } from '../ports/storage.ts';

/**
 * Runs a transaction on an organization when its turn has come. Throws `unavailable` without running it if its
 * caller is gone by then.
 */
export type InTurn = <T>(orgId: string, caller: Caller, run: () => Promise<T>) => Promise<T>;

/** For transactions of the host: the connection is held anyway. */
export const atOnce: InTurn = (_orgId, _caller, run) => run();

// Milliseconds that a transaction may take to end after its caller has gone. A server that gives up in time
// needs less; one that never answers must not hold up its organization without end.
const turnGraceMs = 5000;

// Managers and support on the same storage share its lines. Each organization's last turn is kept until it ends.
const lines = new WeakMap<StorageScope, Map<string, Promise<void>>>();

/**
 * Lets the transactions on an organization take turns, in the order of the calls. Without turns each would wait
 * for the one before in the database, and hold a connection. A turn ends with its transaction and not at its
 * caller's deadline: a locked organization then holds one connection, and leaves the rest to its neighbours.
 */
export function createTurns(storage: StorageScope, clock: Clock): InTurn {
  const last = lines.get(storage) ?? new Map<string, Promise<void>>();
  lines.set(storage, last);
  return async (orgId, caller, run) => {
    const before = last.get(orgId);
    let end: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      end = resolve;
    });
    last.set(orgId, turn);
    const leave = () => {
      end();
      if (last.get(orgId) === turn) last.delete(orgId);
    };
    let cancel: () => void = () => undefined;
    try {
      if (before) await before;
      if (caller.isGone) throw new OrgUserManagerError('unavailable', {});
      cancel = clock.schedule(leave, caller.remainingMs + turnGraceMs);
      return await run();
    } finally {
      cancel();
      leave();
    }
  };
}
