import { type Caller, isOrgUserManagerError, OrgUserManagerError } from '../../src/index.ts';
import { pause } from '../../src/system/event-loop.ts';
import type { SqlEngine } from './engine.ts';
import { isConflict } from './failures.ts';

/**
 * Runs a transaction or a statement of ours again when it lost against another one (a deadlock, a
 * serialization failure, a locked file), for as long as its caller waits. Throws `conflict` when it keeps
 * losing, and `unavailable` when its caller is gone before a try.
 */
export async function withRetries<T>(
  engine: SqlEngine,
  run: () => Promise<T>,
  caller?: Caller,
): Promise<T> {
  const { attempts, longestPauseMs } = engine.retries;
  for (let attempt = 1; ; attempt += 1) {
    if (caller?.isGone) throw new OrgUserManagerError('unavailable', {});
    try {
      return await run();
    } catch (error) {
      if (!isConflict(engine, error)) throw error;
      if (attempt === attempts) throw new OrgUserManagerError('conflict', {}, { cause: error });
      await pause(Math.min(attempt, longestPauseMs));
    }
  }
}

/**
 * Runs work again when it lost against another transaction, until so many seconds have passed; then throws
 * the error with which it lost. SQLite lets no connection wait for long: processes take turns there by trying.
 */
export async function withPatience(
  engine: SqlEngine,
  run: () => Promise<void>,
  seconds: number,
): Promise<void> {
  const patience = AbortSignal.timeout(seconds * 1000);
  // Opening a locked SQLite file is tried by itself.
  const hasLost = (error: unknown) =>
    isConflict(engine, error) || isOrgUserManagerError(error, 'conflict');
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (patience.aborted || !hasLost(error)) throw error;
      await pause(engine.retries.longestPauseMs);
    }
  }
}
