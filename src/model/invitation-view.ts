import type { InvitationStatus } from './invitation.ts';
import type { Role } from './member.ts';
import type { DeliveryState } from './outbox-mail.ts';
import type { UsageLimit } from './usage-limit.ts';

/** How the newest mail of an invitation fares. */
export interface Delivery {
  /** `queued` waits or will be tried again, `sent` was taken over, `failed` was given up. */
  readonly state: DeliveryState;
  /** Attempts at this mail so far. */
  readonly attempts: number;
  /** What the mailer said at the last failed attempt, or `null`. */
  readonly lastError: string | null;
}

/** An invitation as an organization's admin sees it. */
export interface InvitationView {
  /** Names the invitation in `resend` and `revoke`. */
  readonly id: string;
  readonly orgId: string;
  /** The invited address in its normal form. */
  readonly address: string;
  /** What the person will be once they accept. */
  readonly role: Role;
  /** What they may consume from then on. */
  readonly limit: UsageLimit;
  /** Their name as the inviter gave it, or `null`. */
  readonly name: string | null;
  /** Their phone number in E.164 form, or `null`. */
  readonly phone: string | null;
  /** Its state now, `expired` included. */
  readonly status: InvitationStatus;
  /** The direct link, for as long as it works; otherwise `null`. Derived, never stored. */
  readonly link: string | null;
  /** The admin who answers for it; `null` for the system actor. */
  readonly invitedBy: string | null;
  /** When the address was first invited. */
  readonly createdAt: Date;
  /** First instant at which the link no longer works. */
  readonly expiresAt: Date;
  /** How many mails were asked for, the first one included. */
  readonly sendCount: number;
  /** When the newest mail was asked for. */
  readonly lastSendAt: Date;
  /** First instant at which `resend` takes it again. */
  readonly resendableAt: Date;
  /** How far the newest mail has come. */
  readonly delivery: Delivery;
}

/** What the holder of a link may see before deciding. */
export interface InvitationPreview {
  /** The name of the organization that invites, made harmless as in its mails. */
  readonly organizationName: string;
  /** What the holder will be once they accept. */
  readonly role: Role;
  /** The invited address, masked as in `a•••@example.com`. */
  readonly maskedAddress: string;
  /** First instant at which the link no longer works. */
  readonly expiresAt: Date;
}
