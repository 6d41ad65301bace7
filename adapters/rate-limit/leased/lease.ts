import type { ChargeRequest, ChargeResult } from '../../../src/index.ts';

/** Units of one set of counters that are charged and not used. */
export interface Lease {
  /** The charge that it was taken for; its limits are the lease's. */
  request: ChargeRequest;
  units: number;
  /** Whether the lease has not been used since the last sweep. */
  isIdle: boolean;
  /** Set while the store is asked for more units: other charges wait for the answer. */
  filling: Filling | undefined;
  refusal: Refusal | undefined;
}

/** A call for more units. */
interface Filling {
  /** The charge whose caller waits for it. */
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

/** Whether the caller of the charge has gone. */
export function isAbandoned({ caller }: ChargeRequest): boolean {
  return caller?.isGone === true;
}
