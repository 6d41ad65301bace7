import type { Role } from './member.ts';

/** The states that are stored. `expired` is derived from the clock and never written. */
export type StoredInvitationStatus = 'pending' | 'accepted' | 'declined' | 'revoked';

/** The state a person sees. */
export type InvitationStatus = StoredInvitationStatus | 'expired';

/** An invitation as stored. Times are epoch milliseconds. No token and no link is in it. */
export interface Invitation {
  readonly id: string;
  readonly orgId: string;
  /** The invited address in its normal form. */
  readonly address: string;
  readonly role: Role;
  readonly status: StoredInvitationStatus;
  /** Public half of the link: finds the row, proves nothing. */
  readonly selector: string;
  /** Part of what the link's MAC covers: a higher number kills every earlier link. */
  readonly generation: number;
  /** The admin who answers for it; `null` for the system actor. */
  readonly invitedBy: string | null;
  readonly createdAt: number;
  /** First instant at which the link no longer works. */
  readonly expiresAt: number;
  /** How many mails were asked for, the first one included. */
  readonly sendCount: number;
  readonly lastSendAt: number;
  /** The outbox row of the newest mail. */
  readonly mailId: string;
  /** When and by whom the invitation was accepted, declined or revoked. */
  readonly endedAt: number | null;
  readonly endedBy: string | null;
}

/** The state of an invitation at an instant: pending ones are expired from `expiresAt` on. */
export function invitationStatus(
  invitation: Pick<Invitation, 'status' | 'expiresAt'>,
  now: number,
): InvitationStatus {
  return invitation.status === 'pending' && invitation.expiresAt <= now
    ? 'expired'
    : invitation.status;
}
