import type { Kysely } from 'kysely';
import { OrgUserManagerError } from '../../src/index.ts';
import { hold } from '../../src/system/event-loop.ts';

const connectionWaitMs = 10_000;

/**
 * Runs work on one connection. Throws `unavailable` when none is free within ten seconds: inside a
 * transaction or a migration of the application that holds the only one, none would ever be free.
 */
export async function onOneConnection<DB>(
  db: Kysely<DB>,
  work: (connection: Kysely<DB>) => Promise<void>,
): Promise<void> {
  const signal = AbortSignal.timeout(connectionWaitMs);
  // A process that waits for itself has nothing else to stay alive for, and would end without an error.
  const release = hold();
  let isWaiting = true;
  const stopWaiting = () => {
    if (isWaiting) release();
    isWaiting = false;
  };
  try {
    await db.connection().execute(
      (connection) => {
        stopWaiting();
        return work(connection);
      },
      { signal },
    );
  } catch (error) {
    throw isWaiting && signal.aborted ? nothingFree(error) : error;
  } finally {
    stopWaiting();
  }
}

function nothingFree(reason: unknown): OrgUserManagerError {
  const cause = new Error(
    `no connection was free within ${connectionWaitMs} ms. Call \`await manager.migrate()\` outside of your own transactions and migrations`,
    { cause: reason },
  );
  return new OrgUserManagerError('unavailable', {}, { cause });
}
