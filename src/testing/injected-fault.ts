/**
 * What can go wrong in a call: an error before anything is done, an error after it is, a delay, or no
 * answer ever.
 */
export type Fault = 'error-before' | 'error-after' | 'delay' | 'drop';

/** The error that `faultyStorage()` throws in place of a driver's. */
export class InjectedFault extends Error {
  /** The operation that met it, such as `transaction`. */
  readonly operation: string;
  /** Whether the call had been carried out. */
  readonly fault: Fault;

  /** Names the operation and the fault. */
  constructor(operation: string, fault: Fault) {
    super(`injected fault in ${operation}: ${fault}`);
    this.name = 'InjectedFault';
    this.operation = operation;
    this.fault = fault;
  }
}
