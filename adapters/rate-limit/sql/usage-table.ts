/** One counter. Numbers beyond 32 bits come back as texts from some drivers. */
export interface UsageTable {
  org_id: string;
  counter: string;
  used: number;
  /** What the newest charge added. */
  change: number;
  /** The most that the newest charge left room for; NULL = no limit. */
  cap: number | null;
  expires_at: number;
}

/** The tables that counting usage needs. */
export interface UsageDatabase {
  oum_usage: UsageTable;
}
