import { type Compilable, type Expression, type ExpressionBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
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
import { byKey, mergePages, pageOfFew, type WithTotal } from './pages.ts';
import { readSlice } from './read-slice.ts';
import type { Session, SqlSession } from './session.ts';
import type { InvitationTable, Tables } from './tables.ts';

type Form = ListForm<InvitationListQuery>;
type Row = SelectedInvitation & WithTotal;
type Where = ExpressionBuilder<Tables & { i: InvitationTable }, 'i'>;

const statuses = ['pending', 'accepted', 'declined', 'revoked'] as const;

const selectFew = statementInForms(
  (session: SqlSession, given: Given<ListValues>, form: Form): Compilable<Row> => {
    const key = keyOf(form);
    const ids = selectMatching(session, given, form)
      .$call(inIndex(form))
      .select(['i.id', `i.${key.value}`]);
    const page = pageOfFew(session, given, ids, { ...form, key });
    // Sorted twice: the page, and its rows where the invitations are looked up.
    return selectInvitationRows(session.db)
      .innerJoin(page.as('page'), 'page.id', 'i.id')
      .select('page.total')
      .orderBy(`i.${key.value}`, form.order)
      .orderBy('i.id', form.order);
  },
);

const selectPage = statementInForms(
  (session: SqlSession, given: Given<ListValues>, form: Form): Compilable<Row> => {
    const status = storedStatus(form);
    const count = countMatching(session, given, form);
    const key = keyOf(form);
    const hint = indexHint(session.engine, `oum_invitation_by_${form.sort}`);
    const inTable = { value: `i.${key.value}`, id: 'i.id' };
    const page = (one: StoredInvitationStatus) =>
      selectInvitationRows(session.db, hint)
        .where(matches(given, form))
        .where('i.status', '=', one)
        .$call(byKey(session, given, { ...form, key: inTable }));
    if (status !== undefined) return page(status).select(count.as('total'));
    const { order } = form;
    const merging = { count, limit: given.one('limit'), order, key };
    return mergePages(session.db, statuses.map(page), merging);
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
  return { value: sort === 'address' ? 'address' : 'created_at', id: 'id' } as const;
}

function countMatching(session: SqlSession, given: Given<ListValues>, form: Form) {
  const matching = selectMatching(session, given, form).select(sql.lit(1).as('one'));
  const counted = form.isBounded
    ? matching.$call(inIndex(form)).limit(given.one('countLimit'))
    : matching;
  return session.db
    .selectFrom(counted.as('counted'))
    .select(({ fn }) => fn.countAll().as('total'));
}

/** What matches, from the index that has all that is asked of a row. */
function selectMatching({ db, engine }: SqlSession, given: Given<ListValues>, form: Form) {
  const status = storedStatus(form);
  const hint = indexHint(engine, `oum_invitation_by_${form.isSearch ? 'address' : 'expiry'}`);
  const all = db
    .selectFrom(aliasedTable('oum_invitation', 'i', hint))
    .where(matches(given, form));
  return status === undefined ? all : all.where('i.status', '=', status);
}

// The order keeps PostgreSQL from reading the table instead, in the hope of meeting enough rows soon.
function inIndex({ isSearch }: Form) {
  return <Result>(rows: SelectQueryBuilder<Tables & { i: InvitationTable }, 'i', Result>) =>
    rows.orderBy('i.status').orderBy(isSearch ? 'i.address' : 'i.expires_at');
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
