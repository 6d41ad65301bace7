import type { InvitationListQuery, MemberListQuery } from '../ports/list-query.ts';
import { now } from './sample-rows.ts';

/** Everybody, in the order of joining. */
export function memberQuery(change: Partial<MemberListQuery> = {}): MemberListQuery {
  return { orgId: 'acme', sort: 'joined', order: 'asc', limit: 50, now, ...change };
}

/** All invitations, newest first. */
export function invitationQuery(change: Partial<InvitationListQuery> = {}): InvitationListQuery {
  return { orgId: 'acme', sort: 'created', order: 'desc', limit: 50, now, ...change };
}
