import {
  type Compilable,
  type Expression,
  type ExpressionBuilder,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely';
import type {
  InvitationListQuery,
  InvitationRow,
  Slice,
  StoredInvitationStatus,
} from '../../../src/index.ts';
import { type Given, statementInForms } from '../../sql/statement.ts';
import { aliasedTable, indexHint } from './aliased-table.ts';
import {
  type SelectedInvitation,
  selectInvitationRows,
  toInvitationRow,
} from './invitation-rows.ts';
import { contains, type ListForm, type ListValues } from './list-form.ts';
import { byKey, mergePages } from './pages.ts';
import { readSlice } from './read-slice.ts';
import type { Session, SqlSession } from './session.ts';
import type { InvitationTable, Tables } from './tables.ts';
import { countRows, maxSorted, selectSortable, type WithTotal } from './totals.ts';

type Form = ListForm<InvitationListQuery>;
type Row = SelectedInvitation & WithTotal;
type Where = ExpressionBuilder<Tables & { i: InvitationTable }, 'i'>;

const statuses = ['pending', 'accepted', 'declined', 'revoked'] as const;

const keys = {
  address: { value: 'address', type: 'text' },
  created: { value: 'created_at', type: 'bigint' },
} as const;

const selectSorted = statementInForms(
  (session: SqlSession, given: Given<ListValues>, form: Form): Compilable<Row> => {
    const ids = selectMatching(session, given, form).$call(inIndex(session, form)).select('i.id');
    return selectInvitationRows(session.db)
      .innerJoin(selectSortable(ids).as('matching'), 'matching.id', 'i.id')
      .select('matching.total')
      .$call(byKey(session, given, { ...form, key: keyInTable(form) }));
  },
);

const selectPage = statementInForms(
  (session: SqlSession, given: Given<ListValues>, form: Form): Compilable<Row> => {
    const status = storedStatus(form);
    const count = countMatching(session, given, form);
    const merge = (pages: readonly Expression<SelectedInvitation>[]) => {
      const { order } = form;
      const merging = { count, limit: given.typed('limit', 'bigint'), order, key: keyOf(form) };
      return mergePages(session.db, pages, merging);
    };
    const inOrder = pageInOrder(session, given, form);
    if (status === undefined) return merge(statuses.map((one) => inOrder(one)));
    if (!hasExpiry(form) || form.isSearch) return inOrder(status).select(count.as('total'));
    const byExpiry = countByExpiry(session, given, form);
    return merge([
      pageByExpiry(session, given, {
        ...form,
        onlyIf: sql`(${byExpiry}) <= ${sql.lit(maxSorted)}`,
      }),
      inOrder(status, sql`(${byExpiry}) > ${sql.lit(maxSorted)}`),
    ]);
  },
);

const selectCount = statementInForms(countMatching);

/** `StorageReader.listInvitations`: the page and the total. */
export function listInvitations(
  session: Session,
  query: InvitationListQuery,
): Promise<Slice<InvitationRow>> {
  const statements = { selectSorted, selectPage, selectCount, toItem: toInvitationRow };
  return readSlice(session, query, statements);
}

function keyOf({ sort }: Form) {
  return { ...keys[sort], id: 'id' };
}

function keyInTable(form: Form) {
  const key = keyOf(form);
  return { ...key, value: `i.${key.value}`, id: `i.${key.id}` };
}

/** Reads pages by the index in the order of the list, which passes over rows in that state that do not match. */
function pageInOrder(session: SqlSession, given: Given<ListValues>, form: Form) {
  const hint = indexHint(session.engine, `oum_invitation_by_${form.sort}`);
  return (status: StoredInvitationStatus, onlyIf?: Expression<SqlBool>) =>
    selectInvitationRows(session.db, aliasedTable('oum_invitation', 'i', hint))
      .where(matches(given, form))
      .where('i.status', '=', status)
      .$call(byKey(session, given, { ...form, key: keyInTable(form), onlyIf }));
}

/** Reads a page of rows that are found by their expiry and sorted. */
function pageByExpiry(
  session: SqlSession,
  given: Given<ListValues>,
  form: Form & { readonly onlyIf: Expression<SqlBool> },
) {
  const { db } = session;
  const matching = selectMatching(session, given, form)
    .$call(inIndex(session, form))
    .limit(sql.lit(maxSorted));
  const page = db
    .selectFrom(matching.selectAll('i').as('i'))
    .selectAll()
    .$call(byKey(session, given, { ...form, key: keyOf(form) }));
  return selectInvitationRows(db, page.as('i'));
}

/** Counts the usable or the expired rows of both roles, up to one more than may be sorted. */
function countByExpiry(session: SqlSession, given: Given<ListValues>, form: Form) {
  const inBothRoles = selectMatching(session, given, { ...form, hasRole: false });
  const first = inBothRoles.$call(inIndex(session, form)).limit(sql.lit(maxSorted + 1));
  return countRows(session.db, first);
}

/** Whether the clock decides which rows match: these may stand anywhere in the order of the list. */
function hasExpiry({ status }: Form): boolean {
  return status === 'pending' || status === 'expired';
}

function countMatching(session: SqlSession, given: Given<ListValues>, form: Form) {
  const matching = selectMatching(session, given, form);
  const counted = form.isBounded
    ? matching.$call(inIndex(session, form)).limit(given.typed('countLimit', 'bigint'))
    : matching;
  return countRows(session.db, counted);
}

/** Selects the matching rows, from the index that leads to them or holds all columns of the conditions. */
function selectMatching({ db, engine }: SqlSession, given: Given<ListValues>, form: Form) {
  const status = storedStatus(form);
  const hint = indexHint(engine, `oum_invitation_by_${form.isSearch ? 'address' : 'expiry'}`);
  const all = db.selectFrom(aliasedTable('oum_invitation', 'i', hint)).where(matches(given, form));
  return status === undefined ? all : all.where('i.status', '=', status);
}

// PostgreSQL takes no hint and might read the table, expecting to meet enough rows soon: the order asks for the
// index.
function inIndex({ engine }: SqlSession, { isSearch }: Form) {
  const next = isSearch ? 'i.address' : 'i.expires_at';
  return <Result>(rows: SelectQueryBuilder<Tables & { i: InvitationTable }, 'i', Result>) =>
    engine.indexHint ? rows : rows.orderBy('i.status').orderBy(next);
}

function storedStatus({ status }: Form): StoredInvitationStatus | undefined {
  return status === 'expired' ? 'pending' : status;
}

function matches(given: Given<ListValues>, form: Form) {
  return (where: Where) =>
    where.and([
      where('i.org_id', '=', given.one('orgId')),
      ...ofAge(where, given, form),
      ...(form.hasRole ? [where('i.role', '=', given.one('role'))] : []),
      ...(form.isSearch ? [contains(where.ref('i.address'), given.typed('pattern', 'text'))] : []),
    ]);
}

/** `expired` is pending past its time; `pending` is pending before it. */
function ofAge(
  where: Where,
  given: Given<ListValues>,
  { status }: Form,
): readonly Expression<SqlBool>[] {
  if (status === 'expired') return [where('i.expires_at', '<=', given.one('now'))];
  return status === 'pending' ? [where('i.expires_at', '>', given.one('now'))] : [];
}
