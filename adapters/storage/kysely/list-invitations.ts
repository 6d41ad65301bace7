import type { Compilable, Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type {
  InvitationListQuery,
  InvitationRow,
  Slice,
  StoredInvitationStatus,
} from '../../../src/index.ts';
import { type Given, statementInForms } from '../../sql/statement.ts';
import { indexHint } from './aliased-table.ts';
import {
  type SelectedInvitation,
  selectInvitationRows,
  toInvitationRow,
} from './invitation-rows.ts';
import { contains, divideQuery, type ListForm, type ListValues, toSlice } from './list-form.ts';
import { byKey, mergePages, type Total } from './pages.ts';
import type { Session, SqlSession } from './session.ts';
import type { InvitationTable, Tables } from './tables.ts';

type Form = ListForm<InvitationListQuery>;
type Row = SelectedInvitation & { readonly total: Total };
type Where = ExpressionBuilder<Tables & { i: InvitationTable }, 'i'>;

const statuses = ['pending', 'accepted', 'declined', 'revoked'] as const;

const keys = {
  address: { value: 'address', type: 'text' },
  created: { value: 'created_at', type: 'bigint' },
} as const;

const selectPage = statementInForms(
  (session: SqlSession, given: Given<ListValues>, form: Form): Compilable<Row> => {
    const status = storedStatus(form);
    const count = countAll(session, given, form);
    const key = { ...keys[form.sort], id: 'id' };
    const hint = indexHint(session.engine, `oum_invitation_by_${form.sort}`);
    const inTable = { ...key, value: `i.${key.value}`, id: 'i.id' };
    const page = (one: StoredInvitationStatus) =>
      selectInvitationRows(session.db, hint)
        .where(matches(given, form))
        .where('i.status', '=', one)
        .$call(byKey(session, given, { ...form, key: inTable }));
    if (status !== undefined) return page(status).select(count.as('total'));
    const { order } = form;
    const merging = { count, limit: given.typed('limit', 'bigint'), order, key };
    return mergePages(session.db, statuses.map(page), merging);
  },
);

const selectCount = statementInForms(countAll);

/** `StorageReader.listInvitations`: the page and the total in one statement. */
export async function listInvitations(
  session: Session,
  query: InvitationListQuery,
): Promise<Slice<InvitationRow>> {
  const [values, form] = divideQuery(query);
  const { rows } = await selectPage(session, values, form);
  return toSlice(rows, toInvitationRow, form.isLater && (() => selectCount(session, values, form)));
}

function countAll({ db }: SqlSession, given: Given<ListValues>, form: Form) {
  const status = storedStatus(form);
  const all = db
    .selectFrom('oum_invitation as i')
    .where(matches(given, form))
    .select(({ fn }) => fn.countAll().as('total'));
  return status === undefined ? all : all.where('i.status', '=', status);
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
