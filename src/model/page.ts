/** How many rows of a list match. */
export interface ListTotal {
  /** How many were counted. */
  readonly count: number;
  /** Whether these are all; `false` = there are more. */
  readonly exact: boolean;
}

/** One page of a list. */
export interface Page<Item> {
  /** At most as many as `limit` asked for. */
  readonly items: readonly Item[];
  /**
   * How many match in all: counted up to 10,000, unless the call asks for `exactTotal`. Show 10,000 that
   * are not exact as `10000+`.
   */
  readonly total: ListTotal;
  /** Hand it in as `cursor` for the next page; `null` on the last one. */
  readonly nextCursor: string | null;
}
