import type { Context } from '../context.ts';
import type { Page } from '../model/page.ts';
import type { ListPosition, MemberListQuery, Slice } from '../ports/list-query.ts';

// Whoever reads a table does not need to know more; a server counts as many in a few milliseconds.
const maxCount = 10_000;

/** What a page of any list asks a storage for. */
type PageQuery = Pick<MemberListQuery, 'limit' | 'after' | 'countUpTo'>;

interface Listing<Row> {
  /** What the cursor is good for: the list, the organization, every filter and the sort. */
  readonly scope: readonly string[];
  readonly limit: number;
  readonly cursor: string | undefined;
  /** Whether to count every match. */
  readonly exactTotal: boolean;
  /** Reads `limit` rows after the position. */
  read(page: PageQuery): Promise<Slice<Row>>;
  /** Where a row stands in the order. */
  position(row: Row): ListPosition;
}

/** Reads one page by keyset, so that a late page costs what the first one does. */
export async function paginate<Row>(
  cursors: Context['cursors'],
  { scope, limit, cursor, exactTotal, read, position }: Listing<Row>,
): Promise<Page<Row>> {
  const after = cursor === undefined ? undefined : cursors.decode(scope, cursor);
  // One row more than asked for tells whether there is a next page.
  const countUpTo = exactTotal ? undefined : maxCount;
  const { rows, total } = await read({ limit: limit + 1, after, countUpTo });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor =
    rows.length > limit && last !== undefined ? cursors.encode(scope, position(last)) : null;
  return { items, total, nextCursor };
}
