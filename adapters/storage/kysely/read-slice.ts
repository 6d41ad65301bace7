import type { QueryResult } from 'kysely';
import type { InvitationListQuery, ListTotal, MemberListQuery, Slice } from '../../../src/index.ts';
import { divideQuery, type ListForm, type ListValues } from './list-form.ts';
import type { Session } from './session.ts';
import { type Counted, maxSorted, type WithTotal } from './totals.ts';

type Statement<Form, Row> = (
  session: Session,
  values: ListValues,
  form: Form,
) => Promise<QueryResult<Row>>;

/** The statements of a list. Every row carries the total. */
interface ListStatements<Form, Row, Item> {
  /** A page of all matching rows, sorted; useless if the total is more than may be sorted. */
  readonly selectSorted: Statement<Form, Row & WithTotal>;
  /** A page by the index in the order of the list. */
  readonly selectPage: Statement<Form, Row & WithTotal>;
  /** The total alone. */
  readonly selectCount: Statement<Form, WithTotal>;
  toItem(row: Row): Item;
}

/** A page with its total, in one statement; in two if a search finds more than may be sorted. */
export async function readSlice<Query extends MemberListQuery | InvitationListQuery, Row, Item>(
  session: Session,
  query: Query,
  { selectSorted, selectPage, selectCount, toItem }: ListStatements<ListForm<Query>, Row, Item>,
): Promise<Slice<Item>> {
  const [values, form] = divideQuery(query);
  const slice = (rows: readonly Row[], counted: Counted) => ({
    rows: rows.map(toItem),
    total: toTotal(counted, query.countUpTo),
  });
  // Whatever a search finds, it has to read the others: it finds the page and the total in one go.
  if (form.isSearch) {
    const { rows } = await selectSorted(session, values, form);
    const [first] = rows;
    if (first && Number(first.total) <= maxSorted) return slice(rows, first.total);
    if (!first && !form.isLater) return slice(rows, 0);
  }
  const { rows } = await selectPage(session, values, form);
  const [first] = rows;
  if (first) return slice(rows, first.total);
  if (!form.isLater) return slice(rows, 0);
  // Nothing comes after the position, so that no row carries the total.
  const [count] = (await selectCount(session, values, form)).rows;
  return slice(rows, count?.total ?? 0);
}

function toTotal(counted: Counted, countUpTo = Number.POSITIVE_INFINITY): ListTotal {
  const count = Number(counted);
  return count > countUpTo ? { count: countUpTo, exact: false } : { count, exact: true };
}
