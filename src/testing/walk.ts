import assert from 'node:assert/strict';
import type { ListTotal } from '../model/page.ts';
import type { ListPosition, Slice } from '../ports/list-query.ts';

/** The total of a list that was counted to its end. */
export function exactly(count: number): ListTotal {
  return { count, exact: true };
}

/** Walks through a list, page by page; every page has to tell the same total. */
export async function walk<Row>(
  read: (after: ListPosition | undefined) => Promise<Slice<Row>>,
  position: (row: Row) => ListPosition,
): Promise<readonly Row[]> {
  const seen: Row[] = [];
  for (let after: ListPosition | undefined; ; ) {
    const { rows, total } = await read(after);
    const last = rows.at(-1);
    if (!last) {
      assert.deepEqual(total, exactly(seen.length));
      return seen;
    }
    seen.push(...rows);
    assert.equal(total.exact, true);
    assert.ok(seen.length <= total.count, 'a page repeats what was there before');
    after = position(last);
  }
}
