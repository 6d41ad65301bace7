import type { Compilable, ExpressionBuilder, Selectable, SelectQueryBuilder } from 'kysely';
import type { Member, MemberListQuery, Slice } from '../../../src/index.ts';
import { type Given, statementInForms } from '../../sql/statement.ts';
import { aliasedTable, indexHint } from './aliased-table.ts';
import { contains, type ListForm, type ListValues } from './list-form.ts';
import { byKey, mergePages } from './pages.ts';
import { readSlice } from './read-slice.ts';
import { toMember } from './rows.ts';
import type { Session, SqlSession } from './session.ts';
import type { MemberTable, Tables } from './tables.ts';
import { countRows, selectSortable, type WithTotal } from './totals.ts';

type Form = ListForm<MemberListQuery>;
type Row = Selectable<MemberTable> & WithTotal;

const statuses = ['active', 'disabled'] as const;

const keys = {
  name: { value: 'sort_name', type: 'text' },
  joined: { value: 'joined_at', type: 'bigint' },
} as const;

const selectSorted = statementInForms(
  (session: SqlSession, given: Given<ListValues>, form: Form): Compilable<Row> => {
    const members = selectMatching(session, given, form).$call(inIndex(session)).selectAll('m');
    return session.db
      .selectFrom(selectSortable(members).as('m'))
      .selectAll()
      .$call(byKey(session, given, { ...form, key: keyOf(form) }));
  },
);

const selectPage = statementInForms(
  (session: SqlSession, given: Given<ListValues>, form: Form): Compilable<Row> => {
    const count = countMatching(session, given, form);
    const key = keyOf(form);
    const hint = indexHint(session.engine, `oum_member_by_${form.sort}`);
    const page = (status: Member['status']) =>
      session.db
        .selectFrom(aliasedTable('oum_member', 'm', hint))
        .selectAll('m')
        .where(matches(given, form))
        .where('m.status', '=', status)
        .$call(byKey(session, given, { ...form, key }));
    if (form.status !== undefined) return page(form.status).select(count.as('total'));
    const { order } = form;
    const merging = { count, limit: given.typed('limit', 'bigint'), order, key };
    return mergePages(session.db, statuses.map(page), merging);
  },
);

const selectCount = statementInForms(countMatching);

/** `StorageReader.listMembers`: the page and the total. */
export function listMembers(session: Session, query: MemberListQuery): Promise<Slice<Member>> {
  return readSlice(session, query, { selectSorted, selectPage, selectCount, toItem: toMember });
}

function keyOf({ sort }: Form) {
  return { ...keys[sort], id: 'user_id' };
}

function countMatching(session: SqlSession, given: Given<ListValues>, form: Form) {
  const matching = selectMatching(session, given, form);
  const counted = form.isBounded
    ? matching.$call(inIndex(session)).limit(given.typed('countLimit', 'bigint'))
    : matching;
  return countRows(session.db, counted);
}

function selectMatching({ db, engine }: SqlSession, given: Given<ListValues>, form: Form) {
  // No other index has the names and addresses that a search reads.
  const rowIndex = form.isSearch ? engine.rowIndex : undefined;
  const hint = indexHint(engine, rowIndex ?? 'oum_member_by_joined');
  const all = db.selectFrom(aliasedTable('oum_member', 'm', hint)).where(matches(given, form));
  return form.status === undefined ? all : all.where('m.status', '=', form.status);
}

// PostgreSQL takes no hint and might read the table, expecting to meet enough rows soon: the order asks for the
// index.
function inIndex({ engine }: SqlSession) {
  return <Result>(rows: SelectQueryBuilder<Tables & { m: MemberTable }, 'm', Result>) =>
    engine.indexHint ? rows : rows.orderBy('m.status').orderBy('m.joined_at');
}

// The status is left out: with the condition twice, SQLite would try every organization.
function matches(given: Given<ListValues>, { hasRole, isSearch }: Form) {
  return (where: ExpressionBuilder<Tables & { m: MemberTable }, 'm'>) => {
    const holdsText = () => {
      const pattern = given.typed('pattern', 'text');
      const columns = [where.ref('m.address'), where.ref('m.name')];
      return where.or(columns.map((column) => contains(column, pattern)));
    };
    return where.and([
      where('m.org_id', '=', given.one('orgId')),
      ...(hasRole ? [where('m.role', '=', given.one('role'))] : []),
      ...(isSearch ? [holdsText()] : []),
    ]);
  };
}
