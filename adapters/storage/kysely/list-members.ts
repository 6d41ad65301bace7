import type { Compilable, ExpressionBuilder, Selectable } from 'kysely';
import type { Member, MemberListQuery, Slice } from '../../../src/index.ts';
import { type Given, statementInForms } from '../../sql/statement.ts';
import { aliasedTable, indexHint } from './aliased-table.ts';
import { contains, divideQuery, type ListForm, type ListValues, toSlice } from './list-form.ts';
import { byKey, mergePages, type Total } from './pages.ts';
import { toMember } from './rows.ts';
import type { Session, SqlSession } from './session.ts';
import type { MemberTable, Tables } from './tables.ts';

type Form = ListForm<MemberListQuery>;
type Row = Selectable<MemberTable> & { readonly total: Total };

const statuses = ['active', 'disabled'] as const;

const keys = {
  name: { value: 'sort_name', type: 'text' },
  joined: { value: 'joined_at', type: 'bigint' },
} as const;

const selectPage = statementInForms(
  (session: SqlSession, given: Given<ListValues>, form: Form): Compilable<Row> => {
    const count = countAll(session, given, form);
    const key = { ...keys[form.sort], id: 'user_id' };
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

const selectCount = statementInForms(countAll);

/** `StorageReader.listMembers`: the page and the total in one statement. */
export async function listMembers(
  session: Session,
  query: MemberListQuery,
): Promise<Slice<Member>> {
  const [values, form] = divideQuery(query);
  const { rows } = await selectPage(session, values, form);
  return toSlice(rows, toMember, form.isLater && (() => selectCount(session, values, form)));
}

function countAll({ db }: SqlSession, given: Given<ListValues>, form: Form) {
  const all = db
    .selectFrom('oum_member as m')
    .where(matches(given, form))
    .select(({ fn }) => fn.countAll().as('total'));
  return form.status === undefined ? all : all.where('m.status', '=', form.status);
}

// Without the status: said twice, SQLite takes it for a reason to try every organization.
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
