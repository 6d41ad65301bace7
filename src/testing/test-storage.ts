import type { Storage } from '../ports/storage.ts';
import { answerCases } from './answer-cases.ts';
import { handoverCases } from './handover-cases.ts';
import { invitationCases } from './invitation-cases.ts';
import { limitCases } from './limit-cases.ts';
import { listCases } from './list-cases.ts';
import { loadCases } from './load-cases.ts';
import { memberCases } from './member-cases.ts';
import { oddIdCases } from './odd-id-cases.ts';
import { outboxCases } from './outbox-cases.ts';
import { pendingCases } from './pending-cases.ts';
import { replaceCases } from './replace-cases.ts';
import { reservationCases } from './reservation-cases.ts';
import { seatCases } from './seat-cases.ts';
import { sortCases } from './sort-cases.ts';
import type { StorageCases } from './storage-cases.ts';
import type { TestFunction } from './test-function.ts';
import { totalCases } from './total-cases.ts';
import { transactionCases } from './transaction-cases.ts';

const cases: StorageCases = {
  ...seatCases,
  ...memberCases,
  ...invitationCases,
  ...handoverCases,
  ...pendingCases,
  ...replaceCases,
  ...answerCases,
  ...loadCases,
  ...listCases,
  ...limitCases,
  ...sortCases,
  ...totalCases,
  ...transactionCases,
  ...outboxCases,
  ...reservationCases,
  ...oddIdCases,
};

/** What `testStorage()` takes. */
export interface TestStorageOptions {
  /** The test runner's function; it is called once for each case. */
  readonly test: TestFunction;
  /**
   * Makes an empty storage. It is called once for each case; the kit calls `migrate()` before and
   * `close()` after, also when the case fails.
   */
  readonly create: () => Storage | Promise<Storage>;
}

/**
 * Registers the conformance suite of the `Storage` port: one test for each sentence of its contract.
 * The storage's usage counters have a suite of their own, `testRateLimitStore()`.
 *
 * @example
 * import test from 'node:test';
 * import { memoryStorage } from 'org-user-manager/memory';
 * import { testStorage } from 'org-user-manager/testing';
 *
 * testStorage({ test, create: () => memoryStorage() });
 */
export function testStorage({ test, create }: TestStorageOptions): void {
  for (const [name, run] of Object.entries(cases)) {
    test(name, async () => {
      const storage = await create();
      try {
        await storage.migrate();
        await run(storage);
      } finally {
        await storage.close();
      }
    });
  }
}
