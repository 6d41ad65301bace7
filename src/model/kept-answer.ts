/** What a call that carried an idempotency key answered. Holds no address and no link. */
export interface KeptAnswer {
  readonly orgId: string;
  /** A digest of the key and of who used it, 43 characters. */
  readonly key: string;
  /** A digest of what the call asked for, 43 characters. */
  readonly request: string;
  /** What is needed to give the same answer again. */
  readonly answer: string;
  /** When the key may be used for something else, epoch milliseconds. */
  readonly expiresAt: number;
}
