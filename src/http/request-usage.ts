import type { UsageDenial } from './guard-options.ts';

/** The request may go on. */
export interface AllowedVerdict {
  /** The units are charged, or set aside. */
  readonly allowed: true;
  /** Where the member stands, for the host's own answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the request may ask and charge while it lasts. */
  readonly usage: RequestUsage;
}

/**
 * Whether the request may go on. When it may not, the verdict is the answer:
 * `new Response(verdict.body, verdict)`.
 */
export type UsageVerdict = AllowedVerdict | UsageDenial;

/** The usage of a request that was let through, while it lasts: a stream, a socket, a long job. */
export interface RequestUsage {
  /**
   * Checks anew that the person is an active member and, with `cost`, charges that many units more,
   * all windows or none. Without it no limit is looked at. The verdict is like the guard's: when it is
   * not `allowed`, end the work. The person is the one whom the guard found: neither `identify` nor
   * `onDenied` is called.
   */
  recheck(cost?: number): Promise<UsageVerdict>;
  /**
   * With `chargeOn: 'success'`: keeps what the guard has set aside, or gives it back. The guards for
   * Express and Fastify call it; behind `createUsageGuard()` it is the host's to call. Only the first
   * call counts. Never rejects: what goes wrong goes to the manager's `onError`.
   */
  settle(succeeded: boolean): Promise<void>;
}

/** The verdict on a request that `skip` leaves alone. */
export const exempt: AllowedVerdict = Object.freeze({
  allowed: true,
  headers: Object.freeze({}),
  usage: Object.freeze({ recheck: async () => exempt, settle: async () => undefined }),
});
