import type { Context } from '../context.ts';
import type { Page } from '../model/page.ts';
import type { ListPosition, Slice } from '../ports/list-query.ts';

interface Listing<Row> {
  /** What the cursor is good for: the list, the organization, every filter and the sort. */
  readonly scope: readonly string[];
  readonly limit: number;
  readonly cursor: string | undefined;
  /** Reads `limit` rows after the position. */
  read(limit: number, after: ListPosition | undefined): Promise<Slice<Row>>;
  /** Where a row stands in the order. */
  position(row: Row): ListPosition;
}

/** Reads one page by keyset, so that a late page costs what the first one does. */
export async function paginate<Row>(
  cursors: Context['cursors'],
  { scope, limit, cursor, read, position }: Listing<Row>,
): Promise<Page<Row>> {
  const after = cursor === undefined ? undefined : cursors.decode(scope, cursor);
  // One row more than asked for tells whether there is a next page.
  const { rows, total } = await read(limit + 1, after);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor =
    rows.length > limit && last !== undefined ? cursors.encode(scope, position(last)) : null;
  return { items, total, nextCursor };
}
