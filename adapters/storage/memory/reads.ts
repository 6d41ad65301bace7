import type {
  Invitation,
  InvitationRow,
  ListQuery,
  Slice,
  Standing,
  StandingQuery,
} from '../../../src/index.ts';
import type { State } from './state.ts';

function isPendingAt(invitation: Invitation, now: number): boolean {
  return invitation.status === 'pending' && invitation.expiresAt > now;
}

function withMail(state: State, invitation: Invitation): InvitationRow {
  const mail = state.mails.get(invitation.mailId);
  if (!mail) throw new Error('an invitation without its mail');
  return { invitation, mail };
}

/** `StorageReader.load` */
export function load(state: State, query: StandingQuery): Standing {
  const { orgId, countPendingAt } = query;
  const userIds = new Set(query.userIds);
  const addresses = new Set(query.addresses);
  const pendingAddresses = new Set(query.pendingAddresses);
  const invitationIds = new Set(query.invitationIds);
  const own = [...state.invitations.values()].filter((invitation) => invitation.orgId === orgId);
  return {
    organization: state.organizations.get(orgId),
    members: [...state.members.values()].filter(
      (member) =>
        member.orgId === orgId && (userIds.has(member.userId) || addresses.has(member.address)),
    ),
    invitations: own
      .filter(
        ({ id, status, address }) =>
          invitationIds.has(id) || (status === 'pending' && pendingAddresses.has(address)),
      )
      .map((invitation) => withMail(state, invitation)),
    pendingInvitations:
      countPendingAt === undefined
        ? 0
        : own.filter((invitation) => isPendingAt(invitation, countPendingAt)).length,
  };
}

/** `StorageReader.listMembers` */
export function listMembers(state: State, query: ListQuery<'active' | 'disabled'>) {
  const rows = [...state.members.values()].filter(
    ({ orgId, status, address, name }) =>
      orgId === query.orgId &&
      (query.status === undefined || status === query.status) &&
      contains(query.search, [address, name ?? '']),
  );
  return slice(rows, query, {
    position: ({ joinedAt, userId }) => [joinedAt, userId],
    direction: 1,
  });
}

/** `StorageReader.listInvitations` */
export function listInvitations(
  state: State,
  query: ListQuery<Invitation['status'] | 'expired'>,
): Slice<InvitationRow> {
  const rows = [...state.invitations.values()].filter((invitation) => {
    const expired = invitation.status === 'pending' && invitation.expiresAt <= query.now;
    const status = expired ? 'expired' : invitation.status;
    return (
      invitation.orgId === query.orgId &&
      (query.status === undefined || status === query.status) &&
      contains(query.search, [invitation.address])
    );
  });
  const page = slice(rows, query, {
    position: ({ createdAt, id }) => [createdAt, id],
    direction: -1,
  });
  return { ...page, rows: page.rows.map((invitation) => withMail(state, invitation)) };
}

function contains(search: string | undefined, texts: readonly string[]): boolean {
  if (search === undefined) return true;
  return texts.some((text) => text.toLowerCase().includes(search.toLowerCase()));
}

type Position = readonly [at: number, id: string];

interface Order<Row> {
  position(row: Row): Position;
  readonly direction: 1 | -1;
}

function compare([at, id]: Position, [otherAt, otherId]: Position): number {
  if (at !== otherAt) return at - otherAt;
  return id < otherId ? -1 : Number(id > otherId);
}

function slice<Row>(
  rows: readonly Row[],
  { after, limit }: Pick<ListQuery<never>, 'after' | 'limit'>,
  { position, direction }: Order<Row>,
): Slice<Row> {
  const sorted = [...rows].sort((a, b) => direction * compare(position(a), position(b)));
  const rest = sorted.filter((row) => !after || direction * compare(position(row), after) > 0);
  return { rows: rest.slice(0, limit), total: rows.length };
}
