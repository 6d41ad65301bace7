import type { InvitePolicy } from './invite-policy.ts';
import type { UsageLimit } from './usage-limit.ts';
import type { ZoneChange } from './zone-change.ts';

/** An organization as stored. Times are epoch milliseconds. */
export interface Organization {
  readonly orgId: string;
  /** As mails and the join page show it. */
  readonly name: string;
  /** IANA time zone in which days and months begin and end. */
  readonly timeZone: string;
  /** Its last change; `null` = the zone is the first one. */
  readonly zoneChange: ZoneChange | null;
  /** What the organization as a whole may consume. */
  readonly allocation: UsageLimit;
  /** Most active members allowed; `null` = no limit. */
  readonly memberLimit: number | null;
  /** Active admins; at least 1, kept by the storage. */
  readonly activeAdmins: number;
  /** Active members, admins included; kept by the storage. */
  readonly activeMembers: number;
  /** No fewer than the invitations that are pending and not expired; kept by the storage. */
  readonly pendingUpperBound: number;
  /** Whom its admins may invite, and what the invited get. */
  readonly invitePolicy: InvitePolicy;
  /** When it was created with its first admin. */
  readonly createdAt: number;
}
