import type { Role } from './member.ts';
import type { UsageLimit } from './usage-limit.ts';

/** The states that are stored. `expired` is derived from the clock and never written. */
export type StoredInvitationStatus = 'pending' | 'accepted' | 'declined' | 'revoked';

/** The state a person sees. */
export type InvitationStatus = StoredInvitationStatus | 'expired';

/** An invitation as stored. Times are epoch milliseconds. No token and no link is in it. */
export interface Invitation {
  /** A UUID; later invitations have greater ids. */
  readonly id: string;
  readonly orgId: string;
  /** The invited address in its normal form. */
  readonly address: string;
  /** What the person will be once they accept. */
  readonly role: Role;
  /** What they may consume from then on. */
  readonly limit: UsageLimit;
  /** Their name as the inviter gave it, if at all. */
  readonly name: string | null;
  /** Their phone number in E.164 form, if the inviter gave one. */
  readonly phone: string | null;
  /** Without the clock: an expired invitation is still `pending` here. */
  readonly status: StoredInvitationStatus;
  /** Part of what the link's MAC covers: a higher number kills every earlier link. */
  readonly generation: number;
  /** The admin who answers for it; `null` for the system actor. */
  readonly invitedBy: string | null;
  /** When the address was first invited; renewing keeps it. */
  readonly createdAt: number;
  /** First instant at which the link no longer works. */
  readonly expiresAt: number;
  /** How many mails were asked for, the first one included; also the number of the newest one. */
  readonly sendCount: number;
  /** When the newest mail was asked for. */
  readonly lastSendAt: number;
  /** When and by whom the invitation was accepted, declined or revoked. */
  readonly endedAt: number | null;
  /** The user who ended it; `null` while it is open. */
  readonly endedBy: string | null;
}
