/** What a guard charges. */
export interface GuardedCharge {
  readonly orgId: string;
  readonly userId: string;
  readonly activity: string | undefined;
  /** As the host's cost function said; nothing stands for what it did not say. */
  readonly cost: number;
}
