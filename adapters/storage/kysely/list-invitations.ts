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
import { byKey, countRows, few, firstFew, mergePages, type WithTotal } from './pages.ts';
import { readSlice } from './read-slice.ts';
import type { Session, SqlSession } from './session.ts';
import type { InvitationTable, Tables } from './tables.ts';

type Form = ListForm<InvitationListQuery>;
type Row = SelectedInvitation & WithTotal;
type Where = ExpressionBuilder<Tables & { i: InvitationTable }, 'i'>;

const statuses = ['pending', 'accepted', 'declined', 'revoked'] as const;

const selectFew = statementInForms(
  (session: SqlSession, given: Given<ListValues>, form: Form): Compilable<Row> => {
    const ids = selectMatching(session, given, form).$call(inIndex(session, form)).select('i.id');
    return selectInvitationRows(session.db)
      .innerJoin(firstFew(ids).as('few'), 'few.id', 'i.id')
      .select('few.total')
      .$call(byKey(session, given, { ...form, key: keyInTable(form) }));
  },
);

const selectPage = statementInForms(
  (session: SqlSession, given: Given<ListValues>, form: Form): Compilable<Row> => {
    const status = storedStatus(form);
    const count = countMatching(session, given, form);
    const { db, engine } = session;
    const { order } = form;
    const hint = indexHint(engine, `oum_invitation_by_${form.sort}`);
    const inOrder = (one: StoredInvitationStatus, onlyIf?: Expression<SqlBool>) =>
      selectInvitationRows(db, aliasedTable('oum_invitation', 'i', hint))
        .where(matches(given, form))
        .where('i.status', '=', one)
        .$call(byKey(session, given, { ...form, key: keyInTable(form), onlyIf }));
    const merge = (pages: readonly Expression<SelectedInvitation>[]) =>
      mergePages(db, pages, { count, limit: given.one('limit'), order, key: keyOf(form) });
    if (status === undefined) return merge(statuses.map((one) => inOrder(one)));
    if (!isAged(form) || form.isSearch) return inOrder(status).select(count.as('total'));
    const aged = countAged(session, given, form);
    return merge([
      pageOfAged(session, given, { ...form, onlyIf: sql`(${aged}) <= ${sql.lit(few)}` }),
      inOrder(status, sql`(${aged}) > ${sql.lit(few)}`),
    ]);
  },
);

const selectCount = statementInForms(countMatching);

/** `StorageReader.listInvitations`: the page and the total. */
export function listInvitations(
  session: Session,
  query: InvitationListQuery,
): Promise<Slice<InvitationRow>> {
  const statements = { selectFew, selectPage, selectCount, toItem: toInvitationRow };
  return readSlice(session, query, statements);
}

function keyOf({ sort }: Form) {
  return { value: sort === 'address' ? 'address' : 'created_at', id: 'id' };
}

function keyInTable(form: Form) {
  const { value, id } = keyOf(form);
  return { value: `i.${value}`, id: `i.${id}` };
}

/** Whether the clock decides which rows match: in the order of the list they may stand anywhere. */
function isAged({ status }: Form): boolean {
  return status === 'pending' || status === 'expired';
}

/** Counts the rows of the age that is asked for, to tell whether they are few. */
function countAged(session: SqlSession, given: Given<ListValues>, form: Form) {
  const ofAnyRole = { ...form, hasRole: false };
  const aged = selectMatching(session, given, ofAnyRole).$call(inIndex(session, form));
  return countRows(session.db, aged.limit(sql.lit(few + 1)));
}

/** A page of the rows of an age: found by their age, and sorted. */
function pageOfAged(
  session: SqlSession,
  given: Given<ListValues>,
  form: Form & { readonly onlyIf: Expression<SqlBool> },
) {
  const { db } = session;
  const aged = selectMatching(session, given, form)
    .$call(inIndex(session, form))
    .limit(sql.lit(few));
  const page = db
    .selectFrom(aged.selectAll('i').as('i'))
    .selectAll()
    .$call(byKey(session, given, { ...form, key: keyOf(form) }));
  return selectInvitationRows(db, page.as('i'));
}

function countMatching(session: SqlSession, given: Given<ListValues>, form: Form) {
  const matching = selectMatching(session, given, form);
  const { db } = session;
  if (!form.isBounded) return countRows(db, matching);
  return countRows(db, matching.$call(inIndex(session, form)).limit(given.one('countLimit')));
}

/** What matches, from the index that has all that is asked of a row. */
function selectMatching({ db, engine }: SqlSession, given: Given<ListValues>, form: Form) {
  const status = storedStatus(form);
  const hint = indexHint(engine, `oum_invitation_by_${form.isSearch ? 'address' : 'expiry'}`);
  const all = db.selectFrom(aliasedTable('oum_invitation', 'i', hint)).where(matches(given, form));
  return status === undefined ? all : all.where('i.status', '=', status);
}

/** In the order of their index where that is the hint: PostgreSQL would hope to meet enough in the table. */
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
      ...(form.isSearch ? [contains(where.ref('i.address'), given.one('pattern'))] : []),
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
