import type { PolicyName } from '../model/usage-decision.ts';

interface Change {
  readonly orgId: string;
  /** When it was committed to happen, epoch milliseconds. */
  readonly at: number;
  /** The acting user; `null`  for the system actor. */
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
  'organization.created': Change;
  'invitation.invited': InvitationChange;
  'invitation.resent': InvitationChange;
  'invitation.revoked': InvitationChange;
  'invitation.accepted': InvitationChange & MemberChange;
  'invitation.declined': InvitationChange & MemberChange;
  'member.promoted': MemberChange;
  'member.demoted': MemberChange;
  'member.disabled': MemberChange;
  'member.limit_set': MemberChange;
  'usage.refused': {
    readonly orgId: string;
    readonly userId: string;
    readonly at: number;
    readonly activity: string;
    readonly violated: readonly PolicyName[];
  };
  'mail.sent': { readonly orgId: string; readonly invitationId: string; readonly at: number };
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
export type AuditedEventName = Exclude<EventName, 'usage.refused' | 'mail.sent' | 'mail.failed'>;
