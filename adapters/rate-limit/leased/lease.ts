import type { ChargeRequest, ChargeResult } from '../../../src/index.ts';

/** Units of one set of counters that are charged and not used. */
export interface Lease {
  /** The charge that it was taken for; its limits are the lease's. */
  request: ChargeRequest;
  units: number;
  /** Not used since the last look. */
  isIdle: boolean;
  /** While the store is asked for more: everybody else waits for the answer. */
  filling: Filling | undefined;
  refusal: Refusal | undefined;
}

/** A call for more units. */
interface Filling {
  /** Of whoever has made it. */
  readonly request: ChargeRequest;
  readonly answer: Promise<ChargeResult>;
}

/** A refusal that is repeated for charges of so many units or more, for a while from then on. */
interface Refusal {
  readonly cost: number;
  readonly at: number;
  readonly result: ChargeResult;
}

/** The leases of a process, by `leaseIdOf` the charges that they are for. */
export type Leases = Map<string, Lease>;

/** A lease that holds nothing yet. */
export function emptyLease(request: ChargeRequest): Lease {
  const own = ownCopy(request);
  return { request: own, units: 0, isIdle: true, filling: undefined, refusal: undefined };
}

/** What a lease may remember of a charge: its windows are the caller's, who may change them. */
export function ownCopy({ partition, windows }: ChargeRequest): ChargeRequest {
  return { partition, windows: windows.map((window) => ({ ...window })) };
}

/** Whether nobody waits for the charge any more. */
export function isAbandoned({ caller }: ChargeRequest): boolean {
  return caller?.isGone === true;
}
