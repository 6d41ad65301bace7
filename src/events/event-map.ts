import type { PolicyName } from '../model/usage-decision.ts';

interface Change {
  readonly orgId: string;
  /** When it happened, epoch milliseconds. */
  readonly at: number;
  /** The acting user; `null` for the system actor. */
  readonly actor: string | null;
}

interface MemberChange extends Change {
  readonly userId: string;
}

interface InvitationChange extends Change {
  readonly invitationId: string;
}

/**
 * Every event and its payload. Events are emitted after the commit, hold ids only, and never a
 * token, a link or an address.
 */
export interface EventMap {
  /** An organization and its first admin are there. */
  'organization.created': Change;
  /** An admin changed whom the organization invites, and what the invited get. */
  'organization.invite_policy_set': Change;
  /** What the organization may consume in all was set. */
  'organization.allocation_set': Change;
  /** The organization's time zone was set; its days and months follow it from the next ones on. */
  'organization.time_zone_set': Change;
  /** Someone was invited, or an expired invitation was brought back. */
  'invitation.invited': InvitationChange;
  /** An admin asked for another mail, perhaps with a new link. */
  'invitation.resent': InvitationChange;
  /** An admin took the invitation back; its link is dead. */
  'invitation.revoked': InvitationChange;
  /** The inviter was disabled, and the actor answers for the invitation from now on. */
  'invitation.reassigned': InvitationChange;
  /** The invited person joined; `actor` and `userId` are theirs. */
  'invitation.accepted': InvitationChange & MemberChange;
  /** The invited person refused; `actor` and `userId` are theirs. */
  'invitation.declined': InvitationChange & MemberChange;
  /** A member became an admin. */
  'member.promoted': MemberChange;
  /** An admin became a member. */
  'member.demoted': MemberChange;
  /** A member lost access; end their sessions now. */
  'member.disabled': MemberChange;
  /** A member's daily and monthly limits were set. */
  'member.limit_set': MemberChange;
  /** A limit refused a charge, which counted nothing. */
  'usage.refused': {
    readonly orgId: string;
    readonly userId: string;
    readonly at: number;
    readonly activity: string;
    readonly violated: readonly PolicyName[];
  };
  /**
   * A charge has brought a counter to this share of its limit; told once for each window, share and
   * limit, by whichever process made that charge. `actor` and `userId` are whose charge it was; the
   * counter may be the organization's.
   */
  'usage.threshold_reached': MemberChange & {
    readonly policy: PolicyName;
    /** The share of the limit. */
    readonly percent: number;
    readonly limit: number;
    readonly used: number;
    /** When the window ends, epoch milliseconds. */
    readonly resetsAt: number;
  };
  /** A `rateLimitStore` failed five times in a row; `onStoreError` decides until it answers again. */
  'usage.store_failed': {
    readonly at: number;
  };
  /** It answers again, and has been told of the charges that were allowed meanwhile. */
  'usage.store_recovered': {
    readonly at: number;
    /** Charges that this process has allowed without it. */
    readonly allowed: number;
    /** Of those, the ones that may have counted, because their answer was lost: they are not counted again. */
    readonly unsure: number;
    /** Of those, the ones that nothing will ever count, because too many waited. */
    readonly dropped: number;
  };
  /** The mailer took an invitation mail over. */
  'mail.sent': { readonly orgId: string; readonly invitationId: string; readonly at: number };
  /** One attempt at an invitation mail failed. */
  'mail.failed': {
    readonly orgId: string;
    readonly invitationId: string;
    readonly at: number;
    /** False while another attempt is planned. */
    readonly final: boolean;
  };
}

/** The name of an event. */
export type EventName = keyof EventMap;

/** The events that are also written to the audit log. */
export type AuditedEventName = Exclude<
  EventName,
  'usage.refused' | 'usage.store_failed' | 'usage.store_recovered' | 'mail.sent' | 'mail.failed'
>;
