/** One page of a list. */
export interface Page<Item> {
  /** At most as many as `limit` asked for. */
  readonly items: readonly Item[];
  /** How many match in all. */
  readonly total: number;
  /** Hand it in as `cursor` for the next page; `null` on the last one. */
  readonly nextCursor: string | null;
}
