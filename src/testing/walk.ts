import assert from 'node:assert/strict';
import type { ListPosition, Slice } from '../ports/list-query.ts';

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
      assert.equal(seen.length, total);
      return seen;
    }
    seen.push(...rows);
    assert.ok(seen.length <= total, 'a page repeats what was there before');
    after = position(last);
  }
}
