import { ownFields } from '../../../src/access/own-fields.ts';
import {
  type Invitation,
  type InvitationListQuery,
  type InvitationRow,
  type ListPosition,
  type Member,
  type MemberListQuery,
  memberSortName,
  type Slice,
  type Standing,
  type StandingQuery,
} from '../../../src/index.ts';
import { addressKey, membersOf, newestMailKey, type State } from './state.ts';

function withMail(state: State, invitation: Invitation): InvitationRow {
  const mail = state.mails.get(newestMailKey(invitation));
  if (!mail) throw new Error('an invitation without its mail');
  return { invitation, mail };
}

const lists = ['userIds', 'addresses', 'pendingAddresses', 'invitationIds'] as const;

/** `StorageReader.load` */
export function load(state: State, asked: StandingQuery): Standing {
  const query = ownFields(asked, lists);
  const { orgId } = query;
  return {
    organization: state.organizations.get(orgId),
    members: findMembers(state, query),
    invitations: findInvitations(state, query),
  };
}

// One for all: every request of a host loads a standing.
const none: readonly never[] = [];

function findInvitations(state: State, query: StandingQuery): readonly InvitationRow[] {
  const { orgId, pendingAddresses = none, invitationIds = none } = query;
  if (pendingAddresses.length === 0 && invitationIds.length === 0) return none;
  const pending = pendingAddresses.map((address) =>
    state.pending.get(addressKey({ orgId, address })),
  );
  return [...new Set([...invitationIds, ...pending])].flatMap((id) => {
    const invitation = id === undefined ? undefined : state.invitations.get(id);
    return invitation?.orgId === orgId ? withMail(state, invitation) : [];
  });
}

function findMembers(
  state: State,
  { orgId, userIds = none, addresses = none }: StandingQuery,
): readonly Member[] {
  const members = membersOf(state, orgId);
  const [userId = ''] = userIds;
  if (userIds.length === 1 && addresses.length === 0) return listed(members.get(userId));
  const found = new Set<Member>();
  for (const userId of userIds) {
    const member = members.get(userId);
    if (member) found.add(member);
  }
  if (addresses.length === 0) return [...found];
  const wanted = new Set(addresses);
  for (const member of members.values()) if (wanted.has(member.address)) found.add(member);
  return [...found];
}

const listed = (member: Member | undefined) => (member ? [member] : []);

/** `StorageReader.listMembers` */
export function listMembers(state: State, query: MemberListQuery) {
  const rows = [...membersOf(state, query.orgId).values()].filter(
    ({ status, role, address, name }) =>
      isAsked(query.status, status) &&
      isAsked(query.role, role) &&
      contains(query.search, [address, name ?? '']),
  );
  return slice(rows, query, (member) => [
    query.sort === 'name' ? memberSortName(member) : member.joinedAt,
    member.userId,
  ]);
}

/** `StorageReader.listInvitations` */
export function listInvitations(state: State, query: InvitationListQuery): Slice<InvitationRow> {
  const rows = [...state.invitations.values()].filter((invitation) => {
    const expired = invitation.status === 'pending' && invitation.expiresAt <= query.now;
    const status = expired ? 'expired' : invitation.status;
    return (
      invitation.orgId === query.orgId &&
      isAsked(query.status, status) &&
      isAsked(query.role, invitation.role) &&
      contains(query.search, [invitation.address])
    );
  });
  const page = slice(rows, query, ({ address, createdAt, id }) => [
    query.sort === 'address' ? address : createdAt,
    id,
  ]);
  return { ...page, rows: page.rows.map((invitation) => withMail(state, invitation)) };
}

const isAsked = (asked: string | undefined, value: string) =>
  asked === undefined || asked === value;

function contains(search: string | undefined, texts: readonly string[]): boolean {
  if (search === undefined) return true;
  return texts.some((text) => text.toLowerCase().includes(search.toLowerCase()));
}

const compareTexts = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

function compare([value, id]: ListPosition, [otherValue, otherId]: ListPosition): number {
  const difference =
    typeof value === 'number' && typeof otherValue === 'number'
      ? value - otherValue
      : compareTexts(String(value), String(otherValue));
  return difference === 0 ? compareTexts(id, otherId) : difference;
}

function slice<Row>(
  rows: readonly Row[],
  { after, limit, order, countUpTo = rows.length }: Omit<MemberListQuery, 'status' | 'sort'>,
  position: (row: Row) => ListPosition,
): Slice<Row> {
  const direction = order === 'asc' ? 1 : -1;
  const sorted = [...rows].sort((a, b) => direction * compare(position(a), position(b)));
  const rest = sorted.filter((row) => !after || direction * compare(position(row), after) > 0);
  const count = Math.min(rows.length, countUpTo);
  return { rows: rest.slice(0, limit), total: { count, exact: count === rows.length } };
}
