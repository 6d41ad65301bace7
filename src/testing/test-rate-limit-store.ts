import type { RateLimitStore } from '../ports/rate-limit-store.ts';
import { chargeCases, concurrentChargeCases } from './rate-limit-cases.ts';
import type { TestFunction } from './test-function.ts';

/** What `testRateLimitStore()` takes. */
export interface TestRateLimitStoreOptions {
  /** The test runner's function; it is called once for each case. */
  readonly test: TestFunction;
  /**
   * Makes an empty store, ready for use. It is called once for each case; the kit calls the store's
   * `close()` after, if it has one, also when the case fails.
   */
  readonly create: () => RateLimitStore | Promise<RateLimitStore>;
}

/**
 * Registers the conformance suite of the `RateLimitStore` port. Its counters are needed for an hour, so
 * none expires while a case runs.
 *
 * @example
 * import test from 'node:test';
 * import { memoryStorage } from 'org-user-manager/memory';
 * import { testRateLimitStore } from 'org-user-manager/testing';
 *
 * testRateLimitStore({ test, create: () => memoryStorage().rateLimits });
 */
export function testRateLimitStore({ test, create }: TestRateLimitStoreOptions): void {
  for (const [name, run] of Object.entries({ ...chargeCases, ...concurrentChargeCases })) {
    test(name, async () => {
      const store = await create();
      try {
        await run(store);
      } finally {
        await store.close?.();
      }
    });
  }
}
