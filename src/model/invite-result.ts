import type { InvitationView } from './invitation-view.ts';

/**
 * What became of one address. `invited` and `renewed` (an expired one, brought back in place) send a
 * mail; the other outcomes change nothing.
 */
export type InviteResult =
  | {
      readonly outcome: 'invited' | 'renewed' | 'already_invited';
      /** The address in its normal form. */
      readonly address: string;
      readonly invitation: InvitationView;
    }
  | {
      /** `member_disabled`: only support can bring this person back. */
      readonly outcome: 'already_member' | 'member_disabled';
      /** The address in its normal form. */
      readonly address: string;
      readonly userId: string;
    }
  | {
      /** The organization's invite policy does not admit the address's domain. */
      readonly outcome: 'domain_not_allowed';
      /** The address in its normal form. */
      readonly address: string;
    }
  | {
      /** `member_limit_reached`: nobody could accept it, every seat is taken. */
      readonly outcome: 'pending_limit_reached' | 'member_limit_reached';
      /** The address in its normal form. */
      readonly address: string;
      readonly limit: number;
    };

/** What became of one entry of a bulk call, in the caller's order. */
export type BulkInviteResult =
  | InviteResult
  | {
      /** Not an address; `input` is what was given. */
      readonly outcome: 'invalid_address';
      readonly input: string;
      readonly reason: string;
    }
  | {
      /** The same address stood earlier in the call. */
      readonly outcome: 'duplicate';
      readonly address: string;
    };

/** What would become of an extracted address if it were invited now. */
export type ExtractedStanding =
  | 'ready'
  | 'expired_invitation'
  | 'already_invited'
  | 'already_member'
  | 'member_disabled'
  | 'domain_not_allowed'
  | 'pending_limit_reached'
  | 'member_limit_reached';
