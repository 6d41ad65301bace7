/**
 * The testing kit: conformance suites for adapters, a clock that stands still, a storage that fails.
 *
 * @module
 */
export type { FakeClock } from './fake-clock.ts';
export { fakeClock } from './fake-clock.ts';
export type { FaultyOperation, FaultyStorageOptions } from './faulty-storage.ts';
export { faultyStorage } from './faulty-storage.ts';
export type { Fault } from './injected-fault.ts';
export { InjectedFault } from './injected-fault.ts';
export type { TestFunction } from './test-function.ts';
export type { TestRateLimitStoreOptions } from './test-rate-limit-store.ts';
export { testRateLimitStore } from './test-rate-limit-store.ts';
export type { TestStorageOptions } from './test-storage.ts';
export { testStorage } from './test-storage.ts';
